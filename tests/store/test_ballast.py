"""Room that is kept on the disk for answers under way: it is really taken, and goes with the process."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import IO, Any

import pytest

from stillroom.errors import StorageFull
from stillroom.store.ballast import set_aside


class _Files:
    """Remembers the nameless files that were made; the disk holds so many bytes of each."""

    def __init__(self, room: int | None = None, trouble: int = errno.ENOSPC) -> None:
        self.made: list[IO[bytes]] = []
        self._make: Any = tempfile.TemporaryFile
        self._room = room
        self._trouble = trouble

    def __call__(self, **how: Any) -> IO[bytes]:
        file: IO[bytes] = self._make(**how)
        self.made.append(file)
        if self._room is not None:
            real = file
            return _Short(real, self._room, self._trouble)  # type: ignore[return-value]
        return file


class _Short:
    """A file on a disk that runs full."""

    def __init__(self, file: IO[bytes], room: int, trouble: int) -> None:
        self._file = file
        self._room = room
        self._trouble = trouble

    def write(self, data: bytes) -> int:
        if self._room <= 0:
            raise OSError(self._trouble, os.strerror(self._trouble))
        wrote = self._file.write(data[: self._room])
        self._room -= wrote
        return wrote

    def close(self) -> None:
        self._file.close()


def test_room_is_taken_for_each_call_and_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = _Files()
    monkeypatch.setattr(tempfile, "TemporaryFile", files)
    with set_aside(tmp_path, 64) as give_back:
        (file,) = files.made
        taken = os.fstat(file.fileno())
        assert taken.st_size == 2**20 + 64 * 2**16
        assert taken.st_blocks * 512 >= taken.st_size, "a file with holes keeps no room"
        assert list(tmp_path.iterdir()) == [], "a process that is killed leaves nothing behind"
        give_back()
        assert file.closed
    with set_aside(tmp_path, 1):
        pass
    assert files.made[1].closed


@pytest.mark.parametrize("room", [0, 2**20 + 5])
def test_where_there_is_no_room_nothing_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    files = _Files(room)
    monkeypatch.setattr(tempfile, "TemporaryFile", files)
    with pytest.raises(StorageFull, match="has no room for answers: No space left"), set_aside(tmp_path, 8):
        pytest.fail("it was begun")
    assert files.made[0].closed


def test_other_trouble_holds_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", _Files(0, errno.EROFS))
    with set_aside(tmp_path, 8) as give_back:
        give_back()
    with set_aside(tmp_path / "gone", 8) as give_back:
        give_back()
