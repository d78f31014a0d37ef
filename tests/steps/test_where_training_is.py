"""In a region where no student can be trained nothing is paid on the way to one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.steps.trained_where import unknown_region

WORDS = "Nova models are trained in us-east-1 only: in us-west-2 pictures can be labeled, no more."


@pytest.fixture
def elsewhere(project: Path) -> Path:
    """A project in a region of no training."""
    put(project, "aws", "region", "us-west-2")
    return project


def test_a_run_is_refused_before_it_pays_for_labels(elsewhere: Path, box: Box) -> None:
    before = box.served()
    for how in ("--dry-run", "--yes"):
        said = stillroom("run", how, "--project", elsewhere)
        said.refused(2, WORDS, "Set aws.region to us-east-1", "or only label: stillroom run --until label")
    assert box.served() == before


def test_labels_alone_are_made(elsewhere: Path) -> None:
    stillroom("run", "--until", "label", "--dry-run", "--project", elsewhere).ok()


def test_training_is_refused_and_status_says_why(elsewhere: Path) -> None:
    stillroom("run", "--until", "label", "-yq", "--project", elsewhere).ok()
    status = stillroom("status", "--json", "--project", elsewhere).ok().json
    assert (status["next"], status["command"]) == (WORDS, "stillroom doctor")
    put(elsewhere, "aws", "region", "us-east-1")
    stillroom("run", "--until", "upload", "-yq", "--project", elsewhere).ok()
    put(elsewhere, "aws", "region", "us-west-2")
    for how in ("--dry-run", "--yes"):
        stillroom("train", how, "--project", elsewhere).refused(2, WORDS, "training.regions")


def test_of_a_base_model_that_is_no_nova_only_what_the_file_tells_is_said(elsewhere: Path) -> None:
    base = "meta.llama3-2-11b-instruct-v1:0:128k"
    put(elsewhere, "training", "base_model", base)
    said = stillroom("run", "--dry-run", "--project", elsewhere)
    said.refused(2, f"As far as training.regions tells, {base} is trained in us-east-1 only")
    assert "Nova" not in said.err


@pytest.mark.parametrize(
    ("region", "hint"), [("us-esat-1", ": did you mean us-east-1?"), ("moon-far-1", ".")]
)
def test_a_region_that_nobody_knows_trains_nothing_and_labels_nothing(
    project: Path, region: str, hint: str
) -> None:
    put(project, "aws", "region", region)
    said = stillroom("run", "--dry-run", "--project", project)
    said.refused(2, f"No region {region} of Bedrock is known here{hint}", "such as to us-east-1")
    assert "label" not in said.err


def test_regions_of_other_partitions_are_known() -> None:
    assert unknown_region("us-gov-west-1") == ""


@pytest.mark.parametrize("known", [["us-east-1", "us-west-2"], []])
def test_where_else_models_are_trained_is_for_the_project_file_to_say(
    elsewhere: Path, known: list[str]
) -> None:
    put(elsewhere, "training", "regions", known)
    said = stillroom("run", "--dry-run", "--json", "--project", elsewhere).ok().json
    assert any(line["label"].startswith("train ") for line in said["plan"]["lines"])


def test_a_region_that_is_none_is_refused(elsewhere: Path) -> None:
    put(elsewhere, "training", "regions", ["moon"])
    said = stillroom("status", "--project", elsewhere)
    said.refused(2, "regions in [training] must be a region such as us-east-1")


def test_what_is_trained_already_costs_nothing_again(distilled: Path) -> None:
    put(distilled, "training", "sizes", [10, 12, 20])
    stillroom("build", "-q", "--project", distilled).ok()
    before = stillroom("cost", "--json", "--project", distilled).ok().json["left"]
    put(distilled, "training", "regions", ["us-west-2"])
    after = stillroom("cost", "--json", "--project", distilled).ok().json["left"]
    assert [one["step"] for one in after] == [one["step"] for one in before]
