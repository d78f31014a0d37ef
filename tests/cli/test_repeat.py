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


def test_a_run_that_had_nothing_to_do_says_so(distilled: Path) -> None:
    said = stillroom("run", "-q", "--project", distilled).ok().out
    assert said.startswith("nothing was left to pay for; gone through: scan, setup, label, ")


def test_a_run_warns_as_compare_does(distilled: Path) -> None:
    compared = stillroom("compare", "-q", "--project", distilled).ok().out
    assert "Only 3 pictures compared" in compared
    assert compared in stillroom("run", "-q", "--project", distilled).ok().out


def test_who_only_labels_needs_no_bucket_and_no_role(project: Path) -> None:
    said = stillroom("run", "--until", "label", "-yq", "--json", "--project", project).ok().json
    assert (said["done"], said["parts"]) == (["scan", "label"], 1)
    settings = (project / "stillroom.toml").read_text(encoding="utf-8")
    assert 'role_arn = ""' in settings
    stillroom("run", "--until", "build", "-yq", "--project", project).ok()
    assert 'role_arn = ""' not in (project / "stillroom.toml").read_text(encoding="utf-8")


def test_a_plan_of_nothing_has_no_arithmetic_and_no_time(distilled: Path) -> None:
    for words in (("label", "teacher"), ("retry", "teacher"), ("train",)):
        said = stillroom(*words, "--dry-run", "--project", distilled).ok().out
        assert "command" not in said
        for absent in ("reckoned", "time"):
            assert f"  {absent}" not in said, words
