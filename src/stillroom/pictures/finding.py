"""Finding the files that may be pictures."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stillroom.errors import PictureError
from stillroom.pictures.formats import EXTENSIONS
from stillroom.pictures.globs import compile_globs
from stillroom.pictures.settings import PictureSettings
from stillroom.pictures.values import Changes, FoundFile

_HAS_PICTURE_EXTENSION = re.compile(rf"[^/]\.(?:{'|'.join(EXTENSIONS)})\Z", re.IGNORECASE | re.DOTALL)


def find_files(folder: Path, settings: PictureSettings) -> list[FoundFile]:
    """Walk the folder.

    A file is a candidate when its extension is a picture's; what it really is, inspecting tells. Hidden files
    and folders are skipped. Linked folders are not entered, and a linked file counts only when it leads to a
    file inside the folder: nothing is found without end, and nothing from elsewhere is sent by accident.

    Args:
        folder: Where to look; may itself be a link.
        settings: Its include and exclude globs are used.

    Returns:
        Files sorted by path.

    Raises:
        PictureError: The folder is missing, is no folder, cannot be read, or holds no pictures.
    """
    walk = _Walk(
        root=os.path.realpath(folder),
        include=compile_globs(settings.include) if settings.include else None,
        exclude=compile_globs(settings.exclude) if settings.exclude else None,
    )
    try:
        walk.go(os.fspath(folder))
    except FileNotFoundError as error:
        raise PictureError(
            f"There is no folder {str(folder)!r}.", "Put the pictures there, or set pictures.folder."
        ) from error
    except NotADirectoryError as error:
        raise PictureError(
            f"{str(folder)!r} is a file, not a folder.", "Name the folder that holds the pictures."
        ) from error
    except OSError as error:
        raise PictureError(
            f"The folder {str(error.filename)!r} cannot be read: {error.strerror}.",
            "Give yourself access to it, or exclude it in pictures.exclude.",
        ) from error
    if not walk.found and not walk.undecodable:
        raise PictureError(f"There are no pictures in {str(folder)!r}.", _why_none(walk, settings))
    walk.found.extend(_escaped(walk))
    walk.found.sort(key=_path)
    return walk.found


def compare(found: Sequence[FoundFile], known: Mapping[str, tuple[int, int]]) -> Changes:
    """Compare a walk with what was known.

    Args:
        found: What `find_files` returned.
        known: Path to (size in bytes, mtime_ns).
    """
    new: list[FoundFile] = []
    changed: list[FoundFile] = []
    recall = known.get
    for file in found:
        before = recall(file.path)
        if before is None:
            new.append(file)
        elif before != (file.size, file.mtime_ns):
            changed.append(file)
    met = len(found) - len(new)
    gone: list[str] = []
    if met < len(known):
        paths = {file.path for file in found}
        gone = sorted(path for path in known if path not in paths)
    return Changes(new=new, changed=changed, gone=gone, same=met - len(changed))


@dataclass(slots=True)
class _Walk:
    """One walk and what it has met so far."""

    root: str
    include: re.Pattern[str] | None
    exclude: re.Pattern[str] | None
    found: list[FoundFile] = field(default_factory=list)
    undecodable: list[tuple[str, os.stat_result]] = field(default_factory=list)
    links_out: int = 0

    def go(self, folder: str) -> None:
        """Walk the folder and all below it."""
        waiting = self.enter(folder, "")
        while waiting:
            path = waiting.pop()
            try:
                waiting.extend(self.enter(f"{folder}/{path}", f"{path}/"))
            except (FileNotFoundError, NotADirectoryError):
                continue  # removed while we walked: the same as never there

    def enter(self, directory: str, below: str) -> list[str]:
        """Look into one folder; `below` is its path relative to the root, empty or ending in a slash.

        Returns:
            Paths of the folders in it, relative to the root.
        """
        folders = []
        with os.scandir(directory) as entries:
            for entry in entries:
                name = entry.name
                if name[0] == ".":
                    continue
                if entry.is_dir(follow_symlinks=False):
                    path = below + name
                    if self.exclude is None or not self.exclude.match(path):
                        folders.append(path)
                elif _HAS_PICTURE_EXTENSION.search(name):
                    self.meet(entry, below + name)
        return folders

    def meet(self, entry: os.DirEntry[str], path: str) -> None:
        """Keep a file with a picture's extension, if it is one that counts."""
        if self.exclude is not None and self.exclude.match(path):
            return
        if self.include is not None and not self.include.match(path):
            return
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            if not target.startswith(self.root.rstrip("/") + "/"):
                self.links_out += 1
                return
        try:
            if not entry.is_file():
                return
            status = entry.stat()
        except OSError:
            return  # removed while we walked, or a link in a circle
        if not path.isascii() and _is_undecodable(path):
            self.undecodable.append((path, status))
        else:
            self.found.append(FoundFile(path, status.st_size, status.st_mtime_ns))


def _path(file: FoundFile) -> str:
    return file.path


def _is_undecodable(path: str) -> bool:
    """Whether the system's bytes are no UTF-8: Python then hides them in lone surrogates."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return True
    return False


def _escaped(walk: _Walk) -> list[FoundFile]:
    """The files whose names are no UTF-8, under names that can be stored and shown, each different."""
    taken = {file.path for file in walk.found} if walk.undecodable else set()
    files = []
    for path, status in walk.undecodable:
        raw = os.fsencode(path)
        shown = raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
        while shown in taken:
            shown = f"{shown}~"
        taken.add(shown)
        files.append(FoundFile(shown, status.st_size, status.st_mtime_ns, undecodable=raw))
    return files


def _why_none(walk: _Walk, settings: PictureSettings) -> str:
    if walk.links_out:
        return (
            f"{walk.links_out:,} links lead out of the folder and are not followed; copy the files instead."
        )
    if settings.include or settings.exclude:
        return "pictures.include and pictures.exclude may leave them all out."
    return "Pictures are files named .jpg, .png, .webp, .gif, .bmp, .tif or .heic, also in sub-folders."
