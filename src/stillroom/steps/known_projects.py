"""Which projects a person has: those that were made or opened, one small file each below the state folder.

Two windows write different files, or the later one wins; a file that is damaged is left out and written anew.
Nothing here is worth an error.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from stillroom.places import state_folder
from stillroom.replacing import replacing
from stillroom.shown import shown

_VERSION: Final = 1
_KEPT: Final = 50
"""Projects that are remembered; the one that was opened longest ago goes first."""

_LATEST: Final = 1e12
"""Seconds: what lies beyond is no time, nor is what is no number, which a file may hold as well."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """A project that was made or opened."""

    root: Path
    name: str
    where: str
    """``SANDBOX``, ``AWS`` or ``AWS via HOST``."""
    opened: float
    """Unix time when it was last seen open, or made."""
    gone: bool = False
    """Its project file is not there (any more, or right now)."""


class KnownProjects:
    """The files, read and written.

    Attributes:
        notices: What could not be read or written, one line each.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._folder = state_folder(environ) / "projects"
        self.notices: list[str] = []

    def opened(self, root: Path, *, name: str, where: str, at: float) -> None:
        """Remember that a project is open, or that it was made.

        Args:
            root: Its folder.
            name: Its name.
            where: As the header shows it.
            at: Unix time.
        """
        file = self._file(root)
        facts = {
            "version": _VERSION,
            "root": str(root.absolute()),
            "name": name,
            "where": where,
            "opened": at,
        }
        self._write(file, {"visit": self._read(file).get("visit"), **facts})
        for old in self._listed()[_KEPT:]:
            self.forget(old.root)

    def recent(self) -> tuple[Known, ...]:
        """All of them, the newest first. Looks at their disks, which may be slow."""
        return tuple(replace(each, gone=not _is_project(each.root)) for each in self._listed())

    def forget(self, root: Path) -> None:
        """Strike a project from the list; nothing of the project itself is touched."""
        with suppress(OSError):
            self._file(root).unlink(missing_ok=True)

    def _listed(self) -> list[Known]:
        try:
            files = sorted(self._folder.glob("*.json"))
        except OSError:
            return []
        known = [_known(self._read(file)) for file in files]
        return sorted(filter(None, known), key=lambda each: -each.opened)

    def _file(self, root: Path) -> Path:
        name = hashlib.sha256(os.fsencode(root.absolute())).hexdigest()[:16]
        return self._folder / f"{name}.json"

    def _read(self, file: Path) -> dict[str, Any]:
        """What a file says; nothing when it is not there, or not ours to understand."""
        try:
            said = json.loads(file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            self._say(f"{file} is left out: {error}")
            return {}
        if isinstance(said, dict) and said.get("version") == _VERSION and _known(said) is not None:
            return said
        self._say(f"{file} is left out: it is damaged, or of another version")
        return {}

    def _write(self, file: Path, facts: Mapping[str, object]) -> None:
        """Write whole or not at all, for nobody else to read.

        The event loop writes here, each second at most: a disk that takes long is not waited for.
        """
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with replacing(file, private=True, lasting=False) as stream:
                stream.write(json.dumps(facts, indent=1).encode("ascii"))
        except OSError as error:
            self._say(f"{file} could not be written: {error.strerror or error}")

    def _say(self, line: str) -> None:
        if shown(line) not in self.notices:
            self.notices.append(shown(line))


def _is_project(root: Path) -> bool:
    from stillroom.project import FILE_NAME

    try:
        return (root / FILE_NAME).is_file()
    except OSError:
        return False


def _known(said: Mapping[str, object]) -> Known | None:
    """The facts of a file; None when they are not what we write."""
    root, opened = said.get("root"), said.get("opened")
    if not isinstance(root, str) or "\0" in root or not Path(root).is_absolute():
        return None
    if not isinstance(opened, int | float) or isinstance(opened, bool) or not abs(opened) < _LATEST:
        return None
    return Known(Path(root), said_of(said, "name", ""), said_of(said, "where", ""), float(opened))


def said_of(said: Mapping[str, object], key: str, usual: T) -> T:
    """A value of the same type as the usual one, or the usual one."""
    value = said.get(key, usual)
    return value if type(value) is type(usual) else usual
