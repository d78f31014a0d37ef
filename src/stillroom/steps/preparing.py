"""The very same prepared bytes for teacher, training and student: made once, found again by settings."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from stillroom.background import Progress
from stillroom.errors import Interrupted
from stillroom.pictures import PASSING, Flag, PreparedFile, PrepareSettings
from stillroom.places import is_folder
from stillroom.plural import plural
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow

_BATCH = 256


def prepare_key(settings: PrepareSettings) -> str:
    """What decides the bytes that are sent; a change makes new files and new runs."""
    facts = json.dumps(dataclasses.asdict(settings), sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def prepared_folder(workspace: Workspace) -> Path:
    """Where the prepared files of the project's present settings are."""
    return workspace.root / ".stillroom" / "prepared" / prepare_key(workspace.settings.prepare)


def ensure_prepared(
    workspace: Workspace, rows: Iterable[ContentRow], watch: Watch
) -> Mapping[str, PreparedFile]:
    """Prepare what is missing, and give the prepared files of all ``rows`` by content.

    A picture that cannot be prepared is in the result with its flag.

    Raises:
        Interrupted: Stopped; what was prepared is kept.
        StorageFull: No room for the prepared files.
    """
    from stillroom.pictures.preparing import prepare_many

    settings = workspace.settings.prepare
    key, target = prepare_key(settings), prepared_folder(workspace)
    known = {
        content: file
        for content, file in workspace.store.pictures.prepared(key).items()
        if file.flag not in PASSING
    }
    wanted = list(rows)
    missing = [
        row
        for row in wanted
        if (file := known.get(row.content)) is None or not (file.flag or _is_whole(target / file.path, file))
    ]
    result = {row.content: known[row.content] for row in wanted if row.content in known}
    jobs = ((row.content, workspace.project.pictures_folder / row.path) for row in missing)
    batch: list[PreparedFile] = []
    began = workspace.now()
    for done, file in enumerate(prepare_many(jobs, settings, target), 1):
        result[file.content] = file
        if file.flag not in PASSING:
            batch.append(file)
        if len(batch) == _BATCH:
            workspace.store.pictures.save_prepared(key, batch)
            batch = []
        rate = done / max(1e-6, workspace.now() - began)
        watch.slot.put(
            Progress("prepare", done, len(missing), "pictures", rate, (len(missing) - done) / rate)
        )
        if watch.signals.cancelled.is_set():
            break
    workspace.store.pictures.save_prepared(key, batch)
    if watch.signals.cancelled.is_set():
        raise Interrupted("Preparing stopped.", "What was prepared is kept; run the command again to go on.")
    return result


def missing(rows: Iterable[ContentRow], prepared: Mapping[str, PreparedFile]) -> frozenset[str]:
    """The contents of ``rows`` whose files were not there when they were to be prepared."""
    return frozenset(row.content for row in rows if prepared[row.content].flag == Flag.GONE)


def missing_words(workspace: Workspace, count: int) -> str:
    """Why so many pictures could not be sent, and what to do; empty for none."""
    if not count:
        return ""
    folder = workspace.project.pictures_folder
    unsent = f"{plural(count, 'picture was', 'pictures were')} not sent"
    if not is_folder(folder):
        return f"{unsent}: the pictures' folder {folder} is missing. Put it back, or set pictures.folder."
    gone = "its file is" if count == 1 else "their files are"
    back = "it" if count == 1 else "them"
    return f"{unsent}: {gone} missing from {folder}. Put {back} back, or run: stillroom scan"


def _is_whole(path: Path, file: PreparedFile) -> bool:
    """Whether a prepared file is there and as long as it was: a power cut may have left a part of it."""
    try:
        return path.stat().st_size == file.size
    except OSError:
        return False


def fitted(width: int, height: int, settings: PrepareSettings) -> tuple[int, int]:
    """Pixels that a picture will have once prepared, told without preparing it."""
    longest = max(width, height)
    if settings.longest_side <= 0 or longest <= settings.longest_side:
        return width, height
    scale = settings.longest_side / longest
    return max(1, round(width * scale)), max(1, round(height * scale))
