"""Others write while a view is gathered: it is made of what was read, and the next one tells the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.steps.world import stillroom

from stillroom.errors import StillroomError
from stillroom.pictures import Side
from stillroom.steps import comparing
from stillroom.steps.comparing import Compare, Field, student_runs
from stillroom.steps.plan import Watch
from stillroom.steps.run_views import runs_view
from stillroom.steps.standing import status
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store.tallies import Groups, Tallies


def leave_out(workspace: Workspace, *, left_out: bool) -> None:
    rows = workspace.store.pictures.contents((Side.TEST,))
    workspace.store.pictures.set_excluded([row.content for row in rows], left_out)


@pytest.mark.parametrize("view", [status, runs_view])
def test_pictures_that_are_taken_back_in_make_no_count_negative(
    distilled: Path, monkeypatch: pytest.MonkeyPatch, view: Callable[[Workspace], object]
) -> None:
    real = Tallies.groups

    with open_workspace(distilled) as workspace:
        leave_out(workspace, left_out=True)

        def groups(self: Tallies) -> Groups:
            found = real(self)
            leave_out(workspace, left_out=False)
            return found

        monkeypatch.setattr(Tallies, "groups", groups)
        view(workspace)


def test_the_first_label_that_comes_while_labels_are_read_is_compared_the_next_time(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(distilled) as workspace:
        runs = student_runs(workspace)
        assert Field.of(workspace, runs).rows
        # What is there by the time one looks why none was.
        monkeypatch.setattr(comparing, "labels", lambda workspace, contents: [None] * len(contents))
        with pytest.raises(StillroomError, match="No test picture has a label"):
            Field.of(workspace, runs)


def test_a_picture_that_is_left_out_while_scores_are_made_makes_them_old(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = comparing.gathered

    def gathered(workspace: Workspace, names: tuple[str, ...] = ()) -> Field:
        field = real(workspace, names)
        stillroom("exclude", field.rows[0].path, "-q", "--project", distilled).ok()
        return field

    def compared(workspace: Workspace) -> str:
        return next(one.facts for one in status(workspace).steps if one.step == "compare")

    with open_workspace(distilled) as workspace:
        step = Compare()
        with monkeypatch.context() as patch:
            patch.setattr(comparing, "gathered", gathered)
            step.execute(workspace, step.plan(workspace), Watch())
        told = compared(workspace)
        with workspace.store.database.writing() as connection:
            connection.execute("DELETE FROM facts WHERE key = 'comparison'")
        assert told == compared(workspace)
