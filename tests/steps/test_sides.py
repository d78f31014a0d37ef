"""What a sandbox made is never taken for AWS's, nor the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, gallery, make, put, stillroom

from stillroom.errors import ProjectError
from stillroom.steps.workspace import open_workspace


@pytest.fixture
def labeled(box: Box, tmp_path: Path) -> Path:
    root = make(tmp_path / "project", gallery(tmp_path / "pictures", 8, 1), box)
    stillroom("scan", "-q", "--project", root).ok()
    stillroom("label", "teacher", "-q", "--yes", "--project", root).ok()
    return root


def to_aws(root: Path) -> None:
    put(root, "aws", "sandbox", False)
    put(root, "aws", "endpoint_url", "")


@pytest.mark.parametrize("verb", ["status", "cost", "report", "build"])
def test_answers_of_a_sandbox_are_refused_on_aws(labeled: Path, verb: str) -> None:
    to_aws(labeled)
    stillroom(verb, "--project", labeled).refused(2, "made by a sandbox", "stillroom new")


def test_going_back_is_all_that_is_needed(labeled: Path, box: Box) -> None:
    to_aws(labeled)
    stillroom("status", "--project", labeled).refused(2)
    put(labeled, "aws", "endpoint_url", box.url)
    stillroom("status", "--project", labeled).ok()


def test_answers_of_aws_are_refused_on_a_sandbox(labeled: Path) -> None:
    with open_workspace(labeled) as workspace:
        workspace.store.facts.put("made_by", "aws")
    stillroom("status", "--project", labeled).refused(2, "made on AWS", "--sandbox")


def test_an_endpoint_is_found_out_before_anything_is_sent_there(labeled: Path, box: Box) -> None:
    before = box.served()
    with open_workspace(labeled) as workspace:
        workspace.store.facts.put("made_by", "aws")
        workspace.store.facts.drop(f"sandbox:{box.url}")
    stillroom("label", "untuned", "--yes", "--project", labeled).refused(2, "made on AWS")
    assert box.served() == before


def test_nothing_made_yet_leaves_both_open(box: Box, tmp_path: Path) -> None:
    root = make(tmp_path / "project", gallery(tmp_path / "pictures", 8, 1), box)
    stillroom("scan", "-q", "--project", root).ok()
    stillroom("doctor", "--project", root)
    to_aws(root)
    stillroom("status", "--project", root).ok()


def test_an_edited_project_file_is_not_followed_to_the_other_side(labeled: Path) -> None:
    with open_workspace(labeled) as workspace:
        before = workspace.settings
        to_aws(labeled)
        with pytest.raises(ProjectError, match="made by a sandbox"):
            workspace.reload()
        assert workspace.settings == before
