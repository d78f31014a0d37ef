"""Answers that were paid for under other settings: they are kept, and count again when those come back."""

from __future__ import annotations

from stillroom.steps.plan import Counted
from stillroom.steps.workspace import Workspace
from stillroom.store import RunSpec
from stillroom.store.tallies import Kept


def kept_words(workspace: Workspace, spec: RunSpec) -> str:
    """How many answers are kept and what was other then; empty where no run has more than the present one.

    Args:
        workspace: The project.
        spec: The run with the present settings.
    """
    kept = workspace.store.tallies.kept_otherwise(spec)
    return _words(kept) if kept else ""


def kept_note(workspace: Workspace, spec: RunSpec) -> tuple[str, ...]:
    """The same as a line of a plan that asks anew; no line where there are no words. Arguments as above."""
    kept = workspace.store.tallies.kept_otherwise(spec)
    if kept is None:
        return ()
    counts = "it counts" if kept.answers == 1 else "they count"
    line = f"{_words(kept)}: under the settings of then {counts} again."
    return (Counted(line, "kept", kept.answers),)


def _words(kept: Kept) -> str:
    said = {
        "another model": kept.model,
        "another prompt": kept.prompt,
        "other parameters": kept.parameters,
        "another preparation": kept.preparation,
    }
    # What two runs differ in need not be any of these: -0.0 and 0.0 are two temperatures, and equal.
    *some, last = [words for words, other in said.items() if other] or ["other settings"]
    others = f"{', '.join(some)} and {last}" if some else last
    answers, are = ("answer", "is") if kept.answers == 1 else ("answers", "are")
    return f"{kept.answers:,} {answers} with {others} {are} kept"
