"""A price that nobody has confirmed says so inside sentences, too."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import Box, stillroom


def test_the_plan_of_delete_says_so_of_the_training(distilled: Path) -> None:
    said = stillroom("delete", "lite-10", "--dry-run", "--project", distilled).ok().out
    (line,) = (line for line in said.splitlines() if "to train, is gone for good" in line)
    assert " (unverified) to train" in line


def test_the_plan_of_stop_says_so_of_what_is_charged(distilled: Path, box: Box) -> None:
    for verb in ("build", "upload"):
        stillroom(verb, "--size", "15", "-yq", "--project", distilled).ok()
    box.turn(speed=1.0)
    stillroom("train", "--size", "15", "-yq", "--project", distilled).ok()
    plan = stillroom("stop", "lite-15", "--dry-run", "--json", "--project", distilled).ok().json["plan"]
    assert " (unverified): AWS does not tell" in plan["lines"][1]["value"]
    assert plan["notes"] == ["The price is unverified: see stillroom cost; override it in [prices]."]


def test_what_the_sums_leave_out_says_so(distilled: Path) -> None:
    said = stillroom("cost", "--project", distilled).ok().out
    found = stillroom("cost", "--json", "--project", distilled).ok().json
    assert found["s3_unverified"] == ("(unverified) for sending" in said)
    assert found["s3_unverified"]
