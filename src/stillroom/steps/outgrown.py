"""Students whose records will be others once more pictures have a label. Asks nobody."""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.pictures import Side
from stillroom.steps.orders import sizes_met
from stillroom.steps.trainable import contents_to_train_on
from stillroom.steps.trained import trained_sizes
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow


def outgrown(workspace: Workspace, rows: Sequence[ContentRow]) -> tuple[str, ...]:
    """A line for a plan of the teacher after which other students are to be trained; empty otherwise.

    Args:
        workspace: The project.
        rows: Pictures that the teacher is to be asked about.
    """
    asked = {row.content for row in rows if row.side is Side.TRAIN}
    if not asked or not workspace.store.jobs.all():
        return ()
    now, then = contents_to_train_on(workspace, frozenset()), contents_to_train_on(workspace, asked)
    if not now:
        return ()
    sizes = workspace.settings.training.sizes
    kept = {size for size in sizes_met(sizes, len(then)) if now[:size] == then[:size]}
    students = trained_sizes(workspace, [size for size in sizes_met(sizes, len(now)) if size not in kept])
    if not students:
        return ()
    others = "another student is" if len(students) == 1 else "other students are"
    names = " and ".join(students.values())
    return (
        f"With these labels other records are made than {names} learnt from: {others} to be trained then.",
    )
