"""What was scanned: pictures known of another folder, or by other globs, are not those that are meant now."""

from __future__ import annotations

import json
import os

from stillroom.errors import UsageError
from stillroom.steps.workspace import Workspace

_FACT = "scanned"


def _meant(workspace: Workspace) -> dict[str, object]:
    """The settings that choose files, as the project file has them: projects may be moved with pictures."""
    pictures = workspace.settings.pictures
    return {
        "folder": os.path.normpath(pictures.folder),
        "include": sorted(set(pictures.include)),
        "exclude": sorted(set(pictures.exclude)),
    }


def note_scanned(workspace: Workspace) -> None:
    """Remember the settings of now, as those that the known pictures were found by."""
    workspace.store.facts.put(_FACT, json.dumps(_meant(workspace)))


def is_noted(workspace: Workspace) -> bool:
    """Whether it is known by which settings the pictures were found."""
    return workspace.store.facts.get(_FACT) is not None


def changed_since_scan(workspace: Workspace) -> str:
    """Which settings choose other files than at the latest scan, a sentence without full stop; or empty."""
    known = workspace.store.facts.get(_FACT)
    if known is None:
        return ""
    before = json.loads(known)
    keys = [f"pictures.{key}" for key, value in _meant(workspace).items() if before.get(key) != value]
    if not keys:
        return ""
    return f"{' and '.join(keys)} {'has' if len(keys) == 1 else 'have'} changed since the latest scan"


def refuse_changed_since_scan(workspace: Workspace) -> None:
    """Keep a step from pictures that the project file does not mean any more.

    Raises:
        UsageError: Settings choose other files than at the latest scan.
    """
    if changed := changed_since_scan(workspace):
        raise UsageError(f"{changed}.", "Run: stillroom scan")
