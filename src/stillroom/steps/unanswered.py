"""Which pictures have a usable answer of a run, and which have none."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from stillroom.errors import UsageError
from stillroom.plural import plural
from stillroom.steps.targets import TEACHER, Target
from stillroom.steps.teaching import imported_contents
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, State


def with_answer(workspace: Workspace, wanted: Target, states: Mapping[str, State]) -> set[str]:
    """Contents that the run has a usable answer for; imported labels count as the teacher's."""
    done = {content for content, state in states.items() if state == State.DONE}
    return done | imported_contents(workspace) if wanted.spec.role == TEACHER else done


def without_answer(
    workspace: Workspace, wanted: Target, chosen: Sequence[ContentRow], states: Mapping[str, State]
) -> list[ContentRow]:
    """Those of ``chosen`` that it has none for."""
    there = with_answer(workspace, wanted, states)
    return [row for row in chosen if row.content not in there]


def never_asked(workspace: Workspace, wanted: Target, chosen: Sequence[ContentRow]) -> UsageError:
    """Why nothing can be asked again, and what can be done instead."""
    name = wanted.spec.name
    taken_in = with_answer(workspace, wanted, {})
    left = sum(row.content not in taken_in for row in chosen)
    if not taken_in:
        return UsageError(
            f"{name} was never asked, so nothing of it has failed.",
            f"Begin with: stillroom label {shlex.quote(name)}",
        )
    return UsageError(
        f"{name} was never asked: its {plural(len(taken_in), 'label was', 'labels were')} imported, "
        "so none has failed.",
        f"Ask about the other {plural(left, 'picture')}: stillroom label {name}"
        if left
        else "No picture is without a label; see: stillroom status",
    )
