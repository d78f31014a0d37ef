"""Finding the files that may be pictures."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from stillroom.errors import PictureError
from stillroom.pictures.formats import EXTENSIONS
from stillroom.pictures.globs import compile_globs
from stillroom.pictures.settings import PictureSettings
from stillroom.pictures.values import Changes, FoundFile
from stillroom.plural import plural

_Met = tuple[str, int, int]
"""Path, size in bytes, mtime_ns: a file that is not worth an object yet, because most are known."""


def find_files(
    folder: Path, settings: PictureSettings, *, named_by: str = "pictures.folder"
) -> list[FoundFile]:
    """Walk the folder.

    A file is a candidate when its extension is a picture's; what it really is, inspecting tells. Hidden files
    and folders are skipped. Linked folders are not entered, and a linked file counts only when it leads to a
    file inside the folder: nothing is found without end, and nothing from elsewhere is sent by accident.

    Args:
        folder: Where to look; may itself be a link.
        settings: Its include and exclude globs are used.
        named_by: What names the folder, for messages.

    Returns:
        Files sorted by path.

    Raises:
        PictureError: The folder is missing, is no folder, cannot be read, or holds no pictures.
    """
    walk = _walked(folder, settings, named_by)
    found = [FoundFile(*met) for met in walk.met]
    found.extend(_escaped(walk))
    found.sort(key=attrgetter("path"))
    return found


def find_changes(folder: Path, settings: PictureSettings, known: Mapping[str, tuple[int, int]]) -> Changes:
    """Walk the folder and compare with what was known; quicker than `find_files` where little changed.

    Args:
        folder: As for `find_files`.
        settings: As for `find_files`.
        known: Path to (size in bytes, mtime_ns) of each file of the last scan.

    Raises:
        PictureError: As `find_files`.
    """
    walk = _walked(folder, settings, "pictures.folder")
    return _changes(walk.met, _escaped(walk), known, walk.unfollowed)


def compare(found: Sequence[FoundFile], known: Mapping[str, tuple[int, int]]) -> Changes:
    """Compare what `find_files` returned with what was known: path to (size in bytes, mtime_ns)."""
    return _changes([], found, known)


def _changes(
    met: Sequence[_Met], found: Sequence[FoundFile], known: Mapping[str, tuple[int, int]], unfollowed: int = 0
) -> Changes:
    recall = known.get
    files = [FoundFile(*one) for one in met if recall(one[0]) != (one[1], one[2])]
    files.extend(file for file in found if recall(file.path) != (file.size, file.mtime_ns))
    files.sort(key=attrgetter("path"))
    new = [file for file in files if file.path not in known]
    changed = [file for file in files if file.path in known]
    count = len(met) + len(found)
    gone: list[str] = []
    if count - len(new) < len(known):
        there = {one[0] for one in met}.union(file.path for file in found)
        gone = sorted(path for path in known if path not in there)
    return Changes(new=new, changed=changed, gone=gone, same=count - len(files), unfollowed=unfollowed)


def _walked(folder: Path, settings: PictureSettings, named_by: str) -> _Walk:
    """Walk, and turn what the system refuses into errors that help."""
    walk = _Walk(
        root=os.path.realpath(folder),
        include=compile_globs(settings.include) if settings.include else None,
        exclude=compile_globs(settings.exclude) if settings.exclude else None,
    )
    try:
        walk.go(os.fspath(folder))
    except FileNotFoundError as error:
        raise PictureError(
            f"There is no folder {str(folder)!r}.",
            f"Put the pictures there, or name another folder: {named_by}.",
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
    if not walk.met and not walk.undecodable:
        raise PictureError(f"There are no pictures in {str(folder)!r}.", _why_none(walk, settings))
    return walk


@dataclass(slots=True)
class _Walk:
    """One walk and what it has met so far."""

    root: str
    include: re.Pattern[str] | None
    exclude: re.Pattern[str] | None
    met: list[_Met] = field(default_factory=list)
    undecodable: list[_Met] = field(default_factory=list)
    unfollowed: int = 0  # links that lead out of the folder, or nowhere

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
                dot = name.rfind(".")
                if (
                    dot > 0
                    and name[dot + 1 :].lower() in EXTENSIONS
                    and not entry.is_dir(follow_symlinks=False)
                ):
                    self.meet(entry, below + name)
                elif entry.is_dir(follow_symlinks=False):
                    path = below + name
                    if self.exclude is None or not self.exclude.match(path):
                        folders.append(path)
                elif entry.is_symlink() and self.leads_to_folder(entry) and self.leads_out(entry):
                    self.unfollowed += self.exclude is None or not self.exclude.match(below + name)
        return folders

    def leads_to_folder(self, entry: os.DirEntry[str]) -> bool:
        """Whether a link leads to a folder, as far as one may look."""
        try:
            return entry.is_dir()
        except OSError:
            return False

    def leads_out(self, entry: os.DirEntry[str]) -> bool:
        """Whether a link leads to what does not lie below the folder."""
        target = os.path.realpath(entry.path)
        return target != self.root and not target.startswith(self.root.rstrip("/") + "/")

    def meet(self, entry: os.DirEntry[str], path: str) -> None:
        """Keep a file with a picture's extension, if it is one that counts."""
        if self.exclude is not None and self.exclude.match(path):
            return
        if self.include is not None and not self.include.match(path):
            return
        linked = entry.is_symlink()
        if linked and self.leads_out(entry):
            self.unfollowed += 1
            return
        try:
            if not entry.is_file():
                self.unfollowed += linked
                return
            status = entry.stat()
        except OSError:
            self.unfollowed += linked  # in a circle; what is no link was removed while we walked
            return
        met = path, status.st_size, status.st_mtime_ns
        if path.isascii() or not _is_undecodable(path):
            self.met.append(met)
        else:
            self.undecodable.append(met)


def _is_undecodable(path: str) -> bool:
    """Whether the system's bytes are no UTF-8: Python then hides them in lone surrogates."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return True
    return False


def _escaped(walk: _Walk) -> list[FoundFile]:
    """The files whose names are no UTF-8, under names that can be stored and shown, each different."""
    taken = {met[0] for met in walk.met} if walk.undecodable else set()
    files = []
    for path, size, mtime_ns in sorted(walk.undecodable):
        raw = os.fsencode(path)
        shown = raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
        while shown in taken:
            shown = f"{shown}~"
        taken.add(shown)
        files.append(FoundFile(shown, size, mtime_ns, undecodable=raw))
    return files


def unfollowed_words(links: int) -> str:
    """A sentence about links that were not followed."""
    lead = plural(links, "link leads", "links lead")
    return f"{lead} out of the folder or nowhere, and none is followed: copy the files instead."


def _why_none(walk: _Walk, settings: PictureSettings) -> str:
    if walk.unfollowed:
        return unfollowed_words(walk.unfollowed)
    if settings.include or settings.exclude:
        return "pictures.include and pictures.exclude may leave them all out."
    return "Pictures are files named .jpg, .png, .webp, .gif, .bmp, .tif or .heic, also in sub-folders."
