"""What runs of the same name have under other settings: answers that are kept, and calls that are being made.

The answers count again when those settings come back.
"""

from __future__ import annotations

import os

from stillroom.steps.plan import Counted
from stillroom.steps.workspace import Workspace
from stillroom.store import RunSpec
from stillroom.store.tallies import Namesake


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
    line = f"{_words(kept)}; {counts} again when those settings are back."
    return (Counted(line, "kept", kept.answers),)


def beside_words(workspace: Workspace, spec: RunSpec) -> str:
    """That somebody labels under the name of a run with other settings, and who; empty: nobody does.

    Args:
        workspace: The project.
        spec: The run with the present settings.
    """
    runs = workspace.store.runs
    for other in workspace.store.tallies.namesakes(spec, open_only=True):
        holder = runs.holder(other.run)
        if holder is not None:
            how = "paused" if runs.is_paused(other.run, holder) else "being labeled"
            where = "here" if holder == os.getpid() else f"by process {holder}"
            return f"{how} with {_others(other)} {where}"
    return ""


def beside_note(workspace: Workspace, spec: RunSpec) -> tuple[str, ...]:
    """The same as a line of a plan that pays, too; no line where there are no words. Arguments as above."""
    words = beside_words(workspace, spec)
    return (f"{spec.name} is {words}: that is paid for, too.",) if words else ()


def notes_of_others(workspace: Workspace, spec: RunSpec) -> tuple[str, ...]:
    """Both as lines of a plan. Arguments as above."""
    return (*kept_note(workspace, spec), *beside_note(workspace, spec))


def _words(kept: Namesake) -> str:
    answers, are = ("answer", "is") if kept.answers == 1 else ("answers", "are")
    return f"{kept.answers:,} {answers} with {_others(kept)} {are} kept"


def _others(other: Namesake) -> str:
    said = {
        "another model": other.model,
        "another prompt": other.prompt,
        "other parameters": other.parameters,
        "another preparation": other.preparation,
    }
    # What two runs differ in need not be any of these: -0.0 and 0.0 are two temperatures, and equal.
    *some, last = [words for words, is_other in said.items() if is_other] or ["other settings"]
    return f"{', '.join(some)} and {last}" if some else last
