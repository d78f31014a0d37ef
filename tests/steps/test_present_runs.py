"""Lists of pictures tell of the runs with the present settings, as the Overview and Labeling do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

from stillroom.steps.browsing import Browser
from stillroom.steps.contrasting import said_about
from stillroom.steps.namesakes import kept_words
from stillroom.steps.tallying import tally
from stillroom.steps.targets import target
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store.run_locks import RunLocks


def rewrite(root: Path, old: str, new: str) -> None:
    """Change the prompt."""
    file = root / "stillroom.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def rewritten(distilled: Path) -> Path:
    """A finished project with another prompt since."""
    rewrite(distilled, "for this picture", "for this photograph")
    return distilled


def counted(workspace: Workspace, filter: str) -> int:
    return len(Browser(workspace).select(f"{filter} -name~copy -flag:any"))


def test_after_another_prompt_nothing_is_labeled(rewritten: Path) -> None:
    with open_workspace(rewritten) as workspace:
        everything = counted(workspace, "")
        assert counted(workspace, "status:waiting") == counted(workspace, "student:waiting") == everything
        assert counted(workspace, "jaccard>=0") == counted(workspace, "kw>0") == 0
        assert Browser(workspace).facets()["status"].keys() == {"waiting"}
        assert tally(workspace, "teacher").answered == 0


def test_what_waits_can_be_labeled_by_that_filter(rewritten: Path) -> None:
    words = ("label", "teacher", "--only", "status:waiting", "--project", rewritten)
    plan = stillroom(*words, "--dry-run", "--json").ok().json["plan"]
    with open_workspace(rewritten) as workspace:
        assert plan["count"] == tally(workspace, "teacher").left > 0


def test_beside_a_picture_stands_what_was_said_to_the_present_prompt(rewritten: Path) -> None:
    stillroom("label", "teacher", "--split", "test", "-yq", "--project", rewritten).ok()
    with open_workspace(rewritten) as workspace:
        browser = Browser(workspace)
        tested = browser.detail_of(browser.select("split:test")[0])
        trained = browser.detail_of(browser.select("split:train")[0])
        assert tested is not None
        assert trained is not None
        assert [(one.name, one.state) for one in tested.said] == [("teacher", "done")]
        assert [(one.name, one.state) for one in trained.said] == [("teacher", None)]
        assert tested.row.content is not None
        assert [one.name for one in said_about(workspace, tested.row.content)] == ["teacher"]


def test_what_was_said_counts_again_with_the_prompt_of_then(rewritten: Path) -> None:
    rewrite(rewritten, "for this photograph", "for this image")
    stillroom("label", "teacher", "--split", "test", "-yq", "--project", rewritten).ok()
    with open_workspace(rewritten) as workspace:
        assert counted(workspace, "status:done split:test") == counted(workspace, "split:test")
    rewrite(rewritten, "for this image", "for this picture")
    with open_workspace(rewritten) as workspace:
        assert counted(workspace, "status:done") == tally(workspace, "teacher").answered > 0
        assert counted(workspace, "student:done jaccard>=0") == counted(workspace, "split:test")


def test_a_model_that_was_asked_by_its_own_name_is_said_how_to_compare(distilled: Path) -> None:
    other = "us.amazon.nova-2-lite-v1:0"
    said = stillroom("label", other, "-yq", "--project", distilled).ok().out
    assert f"To compare it with the teacher: stillroom compare {other}" in said
    assert "compare" not in stillroom("label", other, "-yq", "--project", distilled).ok().out


def test_a_model_that_was_asked_by_its_own_name_before_the_untuned_student_is_named_once(
    rewritten: Path,
) -> None:
    with open_workspace(rewritten) as workspace:
        browser, model = Browser(workspace), workspace.settings.student.model
        (row, *_) = browser.rows(browser.select("split:test"))
        stillroom("ask", row.path, "--model", model, "-yq", "--project", rewritten).ok()
        assert row.content is not None
        assert [one.name for one in said_about(workspace, row.content)] == [model]


def test_scores_of_answers_under_other_settings_say_so(distilled: Path) -> None:
    def remarks(*names: str) -> list[str]:
        found: list[str] = stillroom("compare", *names, "--json", "--project", distilled).ok().json["remarks"]
        return found

    assert remarks() == remarks("lite-10") == remarks("#4") == []
    with open_workspace(distilled) as workspace:
        own = workspace.settings.student.model
    put(distilled, "student", "temperature", 0.9)
    said = "with another model, prompt, parameters or preparation than the present ones."
    assert remarks("lite-10") == [f"lite-10 was asked {said}"]
    assert remarks("lite-10", "untuned") == [f"lite-10 and untuned were asked {said}"]
    assert len(remarks("#4")) == 1
    put(distilled, "student", "model", "us.amazon.nova-2-lite-v1:0")
    assert remarks("untuned") == [f"untuned was asked {said}"]
    put(distilled, "student", "model", own)
    stillroom("label", "untuned", "-yq", "--project", distilled).ok()
    assert remarks("lite-10", "untuned") == [f"lite-10 was asked {said}"]


def test_answers_under_other_settings_are_told_of_where_they_would_be_paid_anew(rewritten: Path) -> None:
    def notes(*words: str) -> list[str]:
        said = stillroom(*words, "--dry-run", "--json", "--project", rewritten).ok().json["plan"]["notes"]
        return [note for note in said if "kept" in note]

    def row(step: str) -> str:
        steps = stillroom("status", "--json", "--project", rewritten).ok().json["steps"]
        (facts,) = [each["facts"] for each in steps if each["step"] == step]
        assert isinstance(facts, str)
        return facts

    kept = "30 answers with another prompt are kept"
    line = f"{kept}; they count again when those settings are back."
    assert notes("label", "teacher") == notes("run", "--until", "label") == [line]
    assert row("label teacher").startswith("0/30 · 30 left, $")
    assert row("label teacher").endswith(f" · {kept}")
    assert row("label untuned").endswith(" with another prompt are kept")
    assert row("label lite-10").endswith(" with another prompt are kept")
    put(rewritten, "teacher", "temperature", 0.9)
    assert row("label teacher").endswith("30 answers with another prompt and other parameters are kept")
    put(rewritten, "prepare", "longest_side", 500)
    put(rewritten, "teacher", "model", "us.amazon.nova-2-lite-v1:0")
    others = "another model, another prompt, other parameters and another preparation"
    assert row("label teacher").endswith(f"30 answers with {others} are kept")


def test_fewer_answers_than_there_are_now_are_not_told_of(distilled: Path) -> None:
    put(distilled, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "--limit", "1", "-yq", "--project", distilled).ok()
    put(distilled, "teacher", "temperature", 0.8)
    stillroom("label", "teacher", "--limit", "3", "-yq", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        kept = kept_words(workspace, target(workspace, "teacher").spec)
    assert kept == "30 answers with other parameters are kept"
    put(distilled, "teacher", "temperature", 0.5)
    facts = stillroom("status", "--json", "--project", distilled).ok().json["steps"][1]["facts"]
    assert "kept" not in facts


def test_who_asks_about_some_pictures_alone_is_told_of_no_run_with_fewer_answers(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--limit", "5", "-yq", "--project", project).ok()
    put(project, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "--limit", "20", "-yq", "--project", project).ok()
    words = ("label", "teacher", "--only", "status:waiting", "--dry-run", "--json", "--project", project)
    plan = stillroom(*words).ok().json["plan"]
    assert plan["count"] == 10
    assert [note for note in plan["notes"] if "kept" in note] == []


def test_settings_that_differ_in_nothing_that_is_told_are_other_settings(project: Path) -> None:
    """The key of a run tells apart what the database finds equal."""
    stillroom("scan", "-q", "--project", project).ok()
    put(project, "teacher", "temperature", -0.0)
    stillroom("label", "teacher", "--limit", "2", "-yq", "--project", project).ok()
    put(project, "teacher", "temperature", 0.0)
    facts = stillroom("status", "--json", "--project", project).ok().json["steps"][1]["facts"]
    assert facts.endswith("2 answers with other settings are kept")


def test_a_labeling_with_other_settings_that_still_goes_on_is_told_of(
    rewritten: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def notes(*words: str) -> list[str]:
        said = stillroom(*words, "--dry-run", "--json", "--project", rewritten).ok().json["plan"]["notes"]
        return [note for note in said if "being labeled" in note]

    def rows() -> dict[str, str]:
        steps = stillroom("status", "--json", "--project", rewritten).ok().json["steps"]
        return {each["step"]: each["facts"] for each in steps}

    planned = (("label", "teacher"), ("run", "--until", "label"), ("run",))
    assert [notes(*words) for words in planned] == [[], [], []]
    with open_workspace(rewritten) as workspace:
        (run,) = [run for run in workspace.store.runs.all() if run.spec.name == "teacher"]
        other = os.getppid()
        with workspace.store.runs.claim(run.id), monkeypatch.context() as patch:
            patch.setattr(RunLocks, "holder", lambda self, one: other if one == run.id else None)
            told = f"being labeled with another prompt by process {other}"
            assert rows()["label teacher"].endswith(f" answers with another prompt are kept · {told}")
            assert "being labeled" not in rows()["label untuned"]
            note = f"teacher is {told}: that is paid for, too."
            assert [notes(*words) for words in planned] == [[note]] * 3
            assert notes("label", "untuned") == []
            said = stillroom("label", "teacher", "--limit", "1", "-y", "--project", rewritten).ok()
            assert note in said.err
            put(rewritten, "teacher", "temperature", 0.9)
            others = "another prompt and other parameters"
            assert f" · being labeled with {others} by process {other}" in rows()["label teacher"]
        with workspace.store.runs.claim(run.id):
            assert rows()["label teacher"].endswith(f" · being labeled with {others} here")
        assert "being labeled" not in rows()["label teacher"]


def test_runs_that_are_named_twice_are_compared_once_and_the_teacher_not_at_all(distilled: Path) -> None:
    said = stillroom("compare", "untuned", "lite-10", "untuned", "--json", "--project", distilled).ok().json
    assert [run["name"] for run in said["runs"]] == ["untuned", "lite-10"]
    stillroom("compare", "teacher", "--project", distilled).refused(2, "The teacher is who all others")
    plan = stillroom("deploy", "lite-10", "lite-10", "--dry-run", "--json", "--project", distilled).ok().json
    assert plan["plan"]["count"] == 1


def test_who_filters_by_the_student_is_told_which(distilled: Path) -> None:
    stillroom("compare", "-q", "--project", distilled).ok()
    for words, told in (("j<1.1", True), ("split:test student:done", True), ("split:test", False)):
        said = stillroom("exclude", words, "--dry-run", "--project", distilled).ok().out
        assert ("The student that is filtered by is lite-20." in said) is told
