"""Answers that are no use, calls that fail: counted by class, kept, and asked again only when told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.steps.world import Box, Said, stillroom

WORDS = [f"word {number}" for number in range(18)]
"""A label."""


@pytest.fixture
def scanned(project: Path) -> Path:
    stillroom("scan", "-q", "--project", project).ok()
    return project


@pytest.mark.parametrize(("fault", "kind"), [("truncated", "truncated"), ("refusal", "refused")])
def test_useless_answers_are_failures_and_retry_mends_them(
    fault: str, kind: str, scanned: Path, box: Box
) -> None:
    box.turn(faults={fault: 1.0})
    said = stillroom("label", "teacher", "-yq", "--limit", "6", "--json", "--project", scanned)
    assert said.code == 6
    assert said.json["failed"] == {kind: 6}
    assert said.json["usd"] > 0, "useless answers are paid for too"
    box.turn(faults={fault: 0.0})
    before = box.served()
    more = stillroom("label", "teacher", "-yq", "--limit", "6", "--json", "--project", scanned)
    assert (more.code, more.json["done"], more.json["failed_before"]) == (6, 6, 6)
    assert box.served() == before + 6, "what failed is asked again only by retry"
    again = stillroom("retry", "teacher", "--class", kind, "-yq", "--json", "--project", scanned).ok()
    assert again.json["done"] == 6
    assert again.json["answered"] == 12


def test_prose_around_the_list_is_no_failure(scanned: Path, box: Box) -> None:
    box.turn(faults={"prose": 1.0})
    said = stillroom("label", "teacher", "-yq", "--limit", "6", "--json", "--project", scanned).ok()
    assert said.json["done"] == 6


def test_dropped_connections_are_counted_at_their_upper_bound(scanned: Path, box: Box) -> None:
    box.turn(faults={"drop": 0.3}, seed=3)
    before = box.served()
    said = stillroom("label", "teacher", "-yq", "--json", "--project", scanned)
    assert said.code in (0, 6)
    assert said.json["unknown"] > 0
    assert said.json["usd_unknown"] > 0
    assert box.served() - before == said.json["attempts"], "every call was served, and every one is counted"
    cost = stillroom("cost", "--json", "--project", scanned).ok().json
    assert cost["spent"][0]["unknown"] == said.json["unknown"]
    assert cost["spent_unknown_usd"] > 0
    ratio = said.json["input_tokens"] / said.json["estimated_input_tokens"]
    assert ratio == pytest.approx(cost["spent"][0]["ratio"]), "pictures without an answer measured nothing"


def test_retry_of_a_class_that_does_not_exist(scanned: Path) -> None:
    stillroom("retry", "teacher", "--class", "tired", "--project", scanned).refused(2, "tired", "throttled")


def test_retry_of_a_run_that_was_never_begun(scanned: Path) -> None:
    said = stillroom("retry", "untuned", "--project", scanned)
    said.refused(2, "untuned was never asked", "stillroom label untuned")


def test_retry_where_all_labels_were_imported(scanned: Path) -> None:
    said = _import(scanned, 30)
    said.refused(2, "teacher was never asked: its 30 labels were imported", "stillroom status")


def test_retry_where_some_labels_were_imported(scanned: Path) -> None:
    said = _import(scanned, 20)
    said.refused(2, "teacher was never asked: its 20 labels were imported", "10", "stillroom label teacher")


def _import(root: Path, count: int) -> Said:
    """Take in labels of so many pictures, then ask again what failed."""
    file = root / "labels.jsonl"
    rows = [{"image": f"p{number:02d}.jpg", "label": ", ".join(WORDS)} for number in range(count)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    stillroom("import", "labels", file, "--project", root).ok()
    return stillroom("retry", "teacher", "--yes", "--project", root)


def test_a_plan_names_its_own_verb(scanned: Path, box: Box) -> None:
    box.turn(faults={"refusal": 1.0})
    stillroom("label", "teacher", "-yq", "--limit", "2", "--project", scanned)
    words = ("retry", "teacher", "--class", "refused,truncated")
    plan = stillroom(*words, "--dry-run", "--json", "--project", scanned).ok().json["plan"]
    assert (plan["verb"], plan["count"]) == ("retry", 2)
    assert plan["command"] == "stillroom retry teacher --class refused,truncated"
    stillroom(*words, "--project", scanned).refused(2, "retry needs your agreement")


def test_the_command_of_a_plan_can_be_typed(scanned: Path) -> None:
    words = ("label", "untuned", "--split", "all", "--limit", "3", "--dry-run", "--json")
    plan = stillroom(*words, "--project", scanned).ok().json["plan"]
    assert plan["command"] == "stillroom label untuned --split all --limit 3"


def test_throttles_and_server_errors_are_asked_again_and_cost_nothing(scanned: Path, box: Box) -> None:
    box.turn(faults={"throttle": 0.3, "error_5xx": 0.1}, seed=5)
    before = box.served()
    # That none of 20 calls meets a fault happens once in 27,000 times.
    said = stillroom("label", "teacher", "-yq", "--limit", "20", "--json", "--project", scanned).ok().json
    assert said["done"] == 20
    assert said["retries"] > 0
    assert said["attempts"] == 20 + said["retries"]
    assert (said["unknown"], said["usd_unknown"]) == (0, 0)
    assert box.served() == before + 20


@pytest.mark.parametrize("name", ["nova.\udcff", "a.\x1b[31mb", "모델.v1"])
def test_what_no_model_id_can_hold_is_no_model(scanned: Path, name: str) -> None:
    stillroom("label", name, "--dry-run", "--project", scanned).refused(2, "There is no model or student")


def test_a_misspelt_teacher_is_guessed(scanned: Path) -> None:
    for name, near in (("techer", "teacher"), ("untunded", "untuned")):
        said = stillroom("label", name, "--dry-run", "--project", scanned)
        said.refused(2, f"Did you mean {near}? Known: teacher, untuned, or a model id.")
    assert "Did you mean" not in stillroom("label", "nobody", "--dry-run", "--project", scanned).err
