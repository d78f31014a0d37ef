"""Project files, stores and disks that cannot be used: said in two lines, and nothing is lost."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.steps.world import Box, Said, answers, put, stillroom

from stillroom.pictures.preparing import prepare_many
from stillroom.store.database import Database

VERBS = (
    ("status",),
    ("scan",),
    ("label", "teacher", "-y"),
    ("run", "-y"),
    ("cost",),
    ("jobs",),
    ("compare",),
)


def test_no_project_here(tmp_path: Path) -> None:
    for words in VERBS:
        stillroom(*words, at=tmp_path).refused(2, "stillroom.toml", "stillroom new")


@pytest.mark.parametrize("words", [("status",), ("new", "shop", "--images", "."), ("validate", "a.jsonl")])
def test_a_folder_that_was_deleted_under_the_shell(tmp_path: Path, words: tuple[str, ...]) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = [sys.executable, "-m", "stillroom", *words]
    done = subprocess.run(
        ["sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh", *command],
        cwd=gone,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    Said(done.returncode, done.stdout, done.stderr).refused(2, "current folder", "cd")


def test_the_project_option_names_no_project(tmp_path: Path, distilled: Path) -> None:
    said = stillroom("status", "--project", tmp_path / "nowhere", at=distilled)
    said.refused(2, f"There is no folder {tmp_path / 'nowhere'}")
    missing = tmp_path / "stillroom.toml"
    stillroom("status", "--project", tmp_path).refused(2, f"There is no project file {missing}")
    stillroom("status", "--project", tmp_path / ("n" * 300)).refused(2, "name too long")


def test_the_nearest_project_upwards(distilled: Path) -> None:
    deep = distilled / "a" / "b"
    deep.mkdir(parents=True)
    assert stillroom("status", "--json", at=deep).ok().json["project"] == "distilled"


@pytest.mark.parametrize(
    ("change", "fragments"),
    [
        (("[limits]", "[limits"), ("line ",)),
        (("epochs = 2", 'epochs = "two"'), ("epochs", "[training]")),
        (("epochs = 2", "epochs = 9"), ("epochs", "1 to 5")),
        (("epochs = 2", "epoch = 2"), ("'epoch'", "[training]", "epochs")),
        (("[limits]", "[limit]"), ("[limit]", "[limits]")),
        (("sandbox = false", "sandbox = 0"), ("sandbox",)),
        (('profile = ""', 'aws_secret_access_key = "abc"'), ("credential", "profile")),
        (("test = 0.1", "test = 1.5"), ("test", "[pictures]")),
        (('language = "en"', 'language = "\\u001b[31m"'), ("language",)),
    ],
    ids=["syntax", "type", "range", "key", "table", "bool", "secret", "share", "escape"],
)
def test_a_project_file_that_is_wrong(
    distilled: Path, change: tuple[str, str], fragments: tuple[str, ...]
) -> None:
    file = distilled / "stillroom.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(change[0]) == 1
    file.write_text(text.replace(*change), encoding="utf-8")
    before = answers(distilled)
    for words in VERBS:
        stillroom(*words, "--project", distilled).refused(2, "stillroom.toml", *fragments)
    assert answers(distilled) == before
    file.write_text(text, encoding="utf-8")
    assert stillroom("status", "--json", "--project", distilled).ok().json["next"].startswith("All is done")


def test_an_error_is_one_json_object_too(tmp_path: Path) -> None:
    said = stillroom("status", "--json", at=tmp_path)
    said.refused(2)
    assert said.json["error"]["exit_code"] == 2
    assert said.json["error"]["what"] in said.err
    assert said.json["error"]["todo"] in said.err


def test_a_store_from_a_newer_version_is_left_alone(distilled: Path) -> None:
    store = distilled / ".stillroom" / "store.db"
    with sqlite3.connect(store) as connection:
        connection.execute("PRAGMA user_version = 9999")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = store.read_bytes()
    for words in VERBS:
        stillroom(*words, "--project", distilled).refused(2, "newer")
    assert store.read_bytes() == before


def test_a_store_that_is_damaged(distilled: Path) -> None:
    store = distilled / ".stillroom" / "store.db"
    for name in ("store.db-wal", "store.db-shm"):
        store.with_name(name).unlink(missing_ok=True)
    store.write_bytes(b"this is no database, and has never been one" * 200)
    stillroom("status", "--project", distilled).refused(1, "damaged", "backup")


@contextmanager
def pragma(text: str) -> Iterator[None]:
    """Let SQLite meet a full or a read-only disk: every connection gets this pragma."""
    connect = Database.connect

    def limited(database: Database) -> sqlite3.Connection:
        connection = connect(database)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute("PRAGMA " + text.format(pages=pages))
        return connection

    with pytest.MonkeyPatch.context() as seam:
        seam.setattr(Database, "connect", limited)
        yield


def test_a_disk_that_is_full_for_the_store(distilled: Path, box: Box) -> None:
    put(distilled, "teacher", "temperature", 0.1)
    before, served = answers(distilled), box.served()
    with pragma("max_page_count = {pages}"):
        stillroom("label", "teacher", "-yq", "--project", distilled).refused(1, "Free disk space")
    kept, paid = answers(distilled)["answers"] - before["answers"], box.served() - served
    assert 0 <= kept <= paid <= 30
    stillroom("label", "teacher", "-yq", "--project", distilled).ok()
    assert answers(distilled)["answers"] == before["answers"] + 30
    assert box.served() - served == paid + 30 - kept, "only what could not be stored is asked again"


def test_a_disk_that_is_full_for_prepared_pictures(
    project: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    stillroom("scan", "-q", "--project", project).ok()
    served = box.served()
    with monkeypatch.context() as seam:
        seam.setitem(prepare_many.__kwdefaults__, "write", full)
        stillroom("label", "teacher", "-yq", "--project", project).refused(1, "No space left", "same command")
    assert box.served() == served
    assert not list((project / ".stillroom").rglob("*.part")), "no half files stay behind"
    stillroom("label", "teacher", "-yq", "--project", project).ok()
    assert box.served() == served + 30


def test_a_project_that_is_read_only(distilled: Path, box: Box) -> None:
    put(distilled, "teacher", "temperature", 0.1)
    before, served = answers(distilled), box.served()
    with pragma("query_only = on"):
        for words in (("label", "teacher", "-yq"), ("run", "-yq")):
            stillroom(*words, "--project", distilled).refused(1, "make the project folder writable")
        for looking in ("status", "scan"):
            stillroom(looking, "--project", distilled).ok()
    assert answers(distilled) == before
    assert box.served() == served, "no answer is paid for that could not be stored"


def test_a_project_in_a_folder_that_cannot_be_made(tmp_path: Path, shelf: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    stillroom("new", tmp_path / "file" / "p", "--images", shelf).refused(1, "cannot be written")


def test_output_to_a_folder_that_is_not_there(distilled: Path, tmp_path: Path) -> None:
    stillroom("export", "labels", "-o", tmp_path / "no" / "l.jsonl", "--project", distilled).refused(2, "no")
    stillroom("report", "-o", tmp_path / "no" / "r.html", "--project", distilled).refused(2, "no")
    assert list(tmp_path.rglob("l.jsonl")) == []
