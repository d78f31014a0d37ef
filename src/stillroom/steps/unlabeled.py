"""Training pictures that still wait for the teacher: their labels will make other records. Asks nobody."""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.steps.labeling import Label
from stillroom.steps.orders import sizes_met
from stillroom.steps.plan import Counted
from stillroom.steps.targets import TEACHER
from stillroom.steps.trainable import contents_to_train_on
from stillroom.steps.workspace import Workspace


def still_to_label(workspace: Workspace, sizes: Sequence[int] = ()) -> tuple[str, ...]:
    """A sentence where labels that are still to come make other records of these sizes; empty otherwise.

    Args:
        workspace: The project.
        sizes: Training sizes; empty: those of the project file.
    """
    waiting = {row.content for row in Label(TEACHER).reckon(workspace).rows if row.side is Side.TRAIN}
    if not waiting:
        return ()
    now, then = contents_to_train_on(workspace, frozenset()), contents_to_train_on(workspace, waiting)
    asked = sizes or workspace.settings.training.sizes
    made, will_be = sizes_met(asked, len(now)), sizes_met(asked, len(then))
    if made == will_be and all(now[:size] == then[:size] for size in made):
        return ()
    have = plural(len(waiting), "training picture has", "training pictures have")
    line = f"{have} no label yet; with all labels other records are made: stillroom label teacher"
    return (Counted(line, "no label yet", len(waiting)),)
