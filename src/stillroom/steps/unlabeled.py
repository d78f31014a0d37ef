"""Training pictures that lack a label of the teacher: theirs would make other records. Asks nobody."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.steps.labeling import Label
from stillroom.steps.orders import sizes_met
from stillroom.steps.plan import Counted
from stillroom.steps.targets import TEACHER
from stillroom.steps.trainable import contents_to_train_on
from stillroom.steps.workspace import Workspace

_OTHERS: Final = "with all labels other records are made"


def still_to_label(workspace: Workspace, sizes: Sequence[int] = ()) -> tuple[str, ...]:
    """A sentence each where labels that are to come, or have failed, would make other records of these sizes.

    Args:
        workspace: The project.
        sizes: Training sizes; empty: those of the project file.
    """
    plan = Label(TEACHER).reckon(workspace)
    waiting = {row.content for row in plan.rows if row.side is Side.TRAIN}
    rows = workspace.store.pictures.contents((Side.TRAIN,), only=plan.failing) if plan.failing else ()
    failed = {row.content for row in rows}
    said = []
    if waiting and _make_others(workspace, sizes, waiting):
        have = plural(len(waiting), "training picture has", "training pictures have")
        line = f"{have} no label yet; {_OTHERS}: stillroom label teacher"
        said.append(Counted(line, "no label yet", len(waiting)))
    if failed and _make_others(workspace, sizes, failed):
        have = plural(len(failed), "training picture has", "training pictures have")
        line = f"{have} no label, as asking failed; {_OTHERS}: stillroom retry teacher"
        said.append(Counted(line, "asking failed", len(failed)))
    return tuple(said)


def _make_others(workspace: Workspace, sizes: Sequence[int], labeled: Set[str]) -> bool:
    """Whether labels of these pictures make other records."""
    now, then = contents_to_train_on(workspace, frozenset()), contents_to_train_on(workspace, labeled)
    asked = sizes or workspace.settings.training.sizes
    made, will_be = sizes_met(asked, len(now)), sizes_met(asked, len(then))
    return made != will_be or any(now[:size] != then[:size] for size in made)
