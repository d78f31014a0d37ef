"""Pictures that a labeling could not send because of their files, remembered until the folder is looked at.

What is wrong with a file may pass, so nobody is kept from trying again; but what comes next is a look.
"""

from __future__ import annotations

import json

from stillroom.steps.workspace import Workspace

_FACT = "unsent"
"""How many the latest labeling of each run could not send, by the run's name."""


def remember_unsent(workspace: Workspace, name: str, count: int) -> None:
    """Write down how many pictures a labeling of ``name`` could not send; 0 forgets those of before."""
    known = _known(workspace)
    now = {**known, name: count} if count else {one: of for one, of in known.items() if one != name}
    if now != known:
        workspace.store.facts.put(_FACT, json.dumps(now))


def forget_unsent(workspace: Workspace) -> None:
    """The folder has been looked at: what was missing or changed is known now."""
    if _known(workspace):
        workspace.store.facts.drop(_FACT)


def unsent(workspace: Workspace, name: str) -> int:
    """How many pictures the latest labeling of ``name`` could not send, where nobody has looked since."""
    return _known(workspace).get(name, 0)


def unsent_words(count: int) -> str:
    """That so many pictures could not be sent, and what may be wrong with their files."""
    files = "its file is" if count == 1 else "their files are"
    return f"{count:,} could not be sent: {files} missing, changed or unreadable"


def unsent_note(workspace: Workspace, name: str) -> tuple[str, ...]:
    """A line for a plan that tries pictures again which could not be sent; empty: there are none."""
    count = unsent(workspace, name)
    return (f"Last time {unsent_words(count)}. Look at the folder: stillroom scan",) if count else ()


def _known(workspace: Workspace) -> dict[str, int]:
    found: dict[str, int] = json.loads(workspace.store.facts.get(_FACT) or "{}")
    return found
