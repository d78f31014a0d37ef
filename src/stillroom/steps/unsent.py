"""What is said of pictures that a labeling could not send because of their files."""

from __future__ import annotations

from collections.abc import Iterable

from stillroom.steps.plan import Counted
from stillroom.steps.workspace import Workspace


def unsent_words(count: int) -> str:
    """That so many pictures could not be sent, and what may be wrong with their files."""
    files = "its file is" if count == 1 else "their files are"
    return f"{count:,} could not be sent: {files} missing, changed or unreadable"


def unsent_note(workspace: Workspace, contents: Iterable[str]) -> tuple[str, ...]:
    """A line for a plan that tries pictures again which could not be sent; empty: there are none.

    Args:
        workspace: The project.
        contents: The pictures of the plan.
    """
    known = workspace.store.unsent.all()
    count = len(known.intersection(contents)) if known else 0
    line = f"Last time {unsent_words(count)}. Look at the folder: stillroom scan"
    return (Counted(line, "unsent", count),) if count else ()
