"""A turn at what one may be at a time: whoever holds it for a moment, to look, is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from stillroom.errors import StoreBusy
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace

_LOOK = 0.05
"""Seconds between two tries."""
_MOST_LOOKS = 60
"""Tries, three seconds of them, after which it is no look of a moment."""


@contextmanager
def alone_after_a_look(workspace: Workspace, what: str, doing: str, watch: Watch) -> Iterator[None]:
    """Keep all others out while the block runs, as the store's ``alone``; what was agreed to waits a little.

    Args:
        workspace: The project.
        what: As for the store.
        doing: As for the store.
        watch: Where it is heard that the work is to stop.

    Raises:
        StoreBusy: Somebody is at it, and for longer than a moment.
        Interrupted: Stopped while waiting.
    """
    with ExitStack() as held:
        for left in reversed(range(_MOST_LOOKS)):
            try:
                held.enter_context(workspace.store.alone(what, doing))
                break
            except StoreBusy:
                if not left:
                    raise
            watch.wait(_LOOK, "Stopped before anything was begun.", "Run the same command again.")
        yield
