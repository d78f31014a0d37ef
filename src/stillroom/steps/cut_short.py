"""Pictures that were being asked about when a run was cut short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stillroom.plural import plural
from stillroom.steps.plan import Counted
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, Run, State


def cut_short(run: Run | None, states: Mapping[str, State], rows: Iterable[ContentRow]) -> int:
    """How many of these pictures nobody heard the answer about; what a living process asks is not counted."""
    if run is None:
        return 0
    # What is under way in nobody's hands was cut short, too.
    lost = (State.UNKNOWN, State.ASKING) if run.holder is None else (State.UNKNOWN,)
    return sum(states.get(row.content) in lost for row in rows)


def made_again(workspace: Workspace, run: Run | None, rows: Iterable[ContentRow]) -> tuple[str, ...]:
    """What a plan that asks about these says of calls that may have been paid without an answer."""
    if run is None:
        return ()
    unheard = workspace.store.answers.unheard(run)
    return cut_short_note(sum(row.content in unheard for row in rows))


def cut_short_note(count: int) -> tuple[str, ...]:
    """A line for a plan that asks about so many of them again; empty: there are none."""
    if not count:
        return ()
    calls = plural(count, "call was", "calls were")
    line = f"{calls} cut short before an answer came and will be made again: they may be paid for twice."
    return (Counted(line, "cut short", count),)
