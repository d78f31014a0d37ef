"""Done once is done: repeating pays nothing and starts nothing."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import Box, answers, put, stillroom


def test_a_second_run_makes_no_paid_call_and_starts_no_job(distilled: Path, box: Box) -> None:
    before, kept = box.bill(), answers(distilled)
    said = stillroom("run", "--json", "--project", distilled).ok()
    after = box.bill()
    assert (after["calls"], after["training"]) == (before["calls"], before["training"])
    assert answers(distilled) == kept
    assert (said.json["answered"], said.json["jobs"]) == (0, 0)


def test_a_changed_prompt_is_a_new_run_and_keeps_the_old_answers(distilled: Path, box: Box) -> None:
    kept, before = answers(distilled), box.served()
    put(distilled, "student", "temperature", 0.1)
    said = stillroom("label", "untuned", "-yq", "--json", "--project", distilled).ok()
    assert said.json["done"] > 0
    assert box.served() == before + said.json["done"]
    assert answers(distilled)["runs"] == kept["runs"] + 1
    assert answers(distilled)["answers"] == kept["answers"] + said.json["done"]


def test_each_verb_gives_one_json_object(distilled: Path) -> None:
    for words in (
        ("scan",), ("sizes", "--sample", "3"), ("status",), ("cost",), ("jobs",), ("compare",), ("build",),
        ("validate",), ("upload",), ("train",), ("report",), ("doctor",), ("setup",), ("label", "teacher"),
    ):  # fmt: skip
        said = stillroom(*words, "--json", "--project", distilled).ok()
        assert said.json["sandbox"] is True, words
