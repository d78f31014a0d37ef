"""Files that appear whole or not at all, and whom they may be read by."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillroom.replacing import replacing


@pytest.fixture
def tight_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def write(path: Path, data: bytes) -> None:
    with replacing(path) as file:
        file.write(data)


def permissions(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_it_is_there_when_all_is_written_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    with replacing(path) as file:
        file.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("lasting", [True, False])
def test_the_disk_is_waited_for_where_it_has_to_survive_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lasting: bool
) -> None:
    waited: list[int] = []
    monkeypatch.setattr("os.fsync", waited.append)
    with replacing(tmp_path / "a.txt", lasting=lasting) as file:
        file.write(b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert len(waited) == lasting


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_block_that_breaks_off_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.txt"
    write(path, b"old")
    with pytest.raises(type(error)), replacing(path) as file:
        file.write(b"half")
        raise error
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("tight_umask")
def test_a_new_file_is_as_private_as_the_umask_says(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"")
    assert permissions(tmp_path / "a.txt") == 0o600


@pytest.mark.usefixtures("tight_umask")
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o664)
    write(path, b"new")
    assert permissions(path) == 0o664


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_leads_to_what_was_written(tmp_path: Path, there: bool) -> None:
    file, link = tmp_path / "kept" / "a.txt", tmp_path / "link.txt"
    file.parent.mkdir()
    if there:
        file.write_bytes(b"old")
    link.symlink_to(file)
    write(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_nothing_takes_the_place_of_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, b"new")
        assert os.read(reader, 100) == b"new"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


WRITERS = """
import os, sys
from pathlib import Path
from stillroom.project.flat import default_settings
from stillroom.project.writing import write_new
from stillroom.records.building import write_records
os.umask(0o027)
def refused(mask):
    raise AssertionError("another thread would make its files with this umask")
os.umask = refused
folder = Path(sys.argv[1])
write_new(folder, default_settings("shop", "abcd"))
write_records(folder / "300.jsonl", [b"{}\\n"])
"""


def test_the_projects_file_and_records_are_as_private_as_the_umask_says(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITERS, str(tmp_path)], check=True, timeout=60)
    assert {path.name: permissions(path) for path in tmp_path.iterdir()} == {
        "stillroom.toml": 0o640,
        "300.jsonl": 0o640,
    }


@pytest.mark.parametrize("name", [".", "nowhere/a.txt"])
def test_what_is_no_place_for_a_file_is_an_error_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match=r"directory|busy"):
        write(Path(name), b"x")
    assert list(tmp_path.iterdir()) == []
