"""Which pictures have a usable answer of a run, and which have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
