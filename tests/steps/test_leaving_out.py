"""Leaving pictures out and taking them back in: what the plan says, and what was done."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.steps.world import stillroom

from stillroom.pictures import Side
from stillroom.steps.plan import Line, Watch
from stillroom.steps.selecting import Exclude
from stillroom.steps.workspace import open_workspace
from stillroom.store import ContentRow


def test_the_plan_says_what_is_lost_and_what_is_kept(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        train, test = (workspace.store.pictures.contents((side,))[0].path for side in (Side.TRAIN, Side.TEST))
        plan = Exclude((train, test)).plan(workspace)
        assert plan.loses == (
            "1 picture of training: records built from now on change, and with them the students",
            "1 picture of test: all scores change",
        )
        assert Line("answers", "2 of 2 have the teacher's; answers are kept") in plan.lines
        assert plan.seen_first
        assert not plan.needs_consent  # a command line asks nothing
        result = Exclude((train, test)).execute(workspace, plan, Watch())
        assert (result.changed, result.excluded) == (2, 2)
        again = Exclude((train,)).plan(workspace)
        assert Line("already", "1 picture is left out") in again.lines
        assert again.loses == ()
        back = Exclude((train, test), excluded=False).plan(workspace)
        assert back.loses == ()
        assert Line("changes", "1 picture of test: all scores change") in back.lines


def test_a_plan_repeats_few_words_and_its_command_all(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        names = tuple(row.path for row in workspace.store.pictures.contents())[:7]
        plan = Exclude(names).plan(workspace)
        assert plan.lines[0] == Line("selected", " ".join(names[:5]) + " and 2 more")
        assert all(name in plan.command for name in names)


def test_a_plan_about_one_picture_reads_no_other(distilled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_workspace(distilled) as workspace:
        pictures, asked = workspace.store.pictures, []
        contents = pictures.contents

        def seen(sides: object = None, *, only: Sequence[str] | None = None) -> list[ContentRow]:
            asked.append(only)
            return contents(only=only)

        path = contents((Side.TEST,))[0].path
        monkeypatch.setattr(pictures, "contents", seen)
        Exclude((path,)).plan(workspace)
        assert asked
        assert all(only is not None and len(only) == 1 for only in asked)


def test_the_plan_that_leaves_a_side_empty_says_so(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        names = [row.path for row in workspace.store.pictures.contents((Side.TEST,))]
        first = Exclude((names[0],))
        assert not any("leaves no" in note for note in Exclude(tuple(names[1:])).plan(workspace).notes)
        first.execute(workspace, first.plan(workspace), Watch())
        notes = Exclude(tuple(names[1:])).plan(workspace).notes
        assert any(note.startswith("This leaves no test picture") for note in notes)
        assert not any("leaves no" in note for note in first.plan(workspace).notes)


def test_without_any_training_picture_everything_says_how_to_take_them_back_in(project: Path) -> None:
    stillroom("run", "--until", "build", "-yq", "--project", project).ok()
    stillroom("exclude", "split:train", "-yq", "--project", project).ok()
    back = "stillroom include 'split:train'"
    for words in (("upload",), ("train",), ("build",), ("upload", "--size", "10"), ("run",)):
        said = stillroom(*words, "-y", "--project", project)
        said.refused(2, "Every training picture is left out by hand.", f"To take them back in: {back}")
    said = stillroom("status", "--json", "--project", project).ok().json
    assert (said["command"], said["next"]) == (
        back,
        "Every training picture is left out by hand: take them back in.",
    )
    (facts,) = [one["facts"] for one in said["steps"] if one["step"] == "build"]
    assert facts == "every training picture is left out by hand"
    stillroom(*shlex.split(back)[1:], "--project", project).ok()
    assert stillroom("upload", "-yq", "--project", project).code == 0
