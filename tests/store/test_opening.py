"""Opening: shape, versions, threads, processes, disks that are full, read-only, damaged or far away."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from stillroom.errors import StorageFull, StoreBusy, StoreError, StoreTooNew
from stillroom.store import disks, opening
from stillroom.store.database import Database
from stillroom.store.migrating import migrations, statements
from stillroom.store.opening import Store

OPEN = """
import sys
from pathlib import Path
from stillroom.store.opening import Store
from stillroom.errors import StoreBusy
kind = sys.argv[2]
try:
    with Store.open(Path(sys.argv[1]), fs_type=lambda _: kind) as store:
        if len(sys.argv) > 3:
            store.facts.put(sys.argv[3], "x")
        print("open", flush=True)
        sys.stdin.readline()
except StoreBusy as busy:
    print("busy", busy.pid, flush=True)
"""


BROKEN = "CREATE TABLE extra (x);\nCREATE TABLE facts (x);"


def run_open(folder: Path, kind: str, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OPEN, str(folder), kind, *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def journal_mode(store: Store) -> str:
    with store.database.reading() as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def test_local_disk_has_a_write_ahead_log(store):
    assert journal_mode(store) == "wal"


def test_everything_is_there_after_reopening(opened):
    first = opened()
    first.facts.put("account", "111122223333")
    first.close()
    assert opened().facts.get("account") == "111122223333"


def test_a_newer_store_is_refused_and_left_alone(opened, tmp_path):
    opened().close()
    file = tmp_path / ".stillroom" / "store.db"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(StoreTooNew, match="version 999"):
        opened()
    with pytest.raises(StoreTooNew):
        opened(read_only=True)


def test_migrations_are_numbered_without_gaps():
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_script_is_split_into_statements_with_triggers_whole():
    table, trigger = (
        "CREATE TABLE a (x); -- why; really\n",
        "CREATE TRIGGER t AFTER INSERT ON a\nBEGIN\n  DELETE FROM a;\nEND;\n",
    )
    assert list(statements(table + trigger)) == [table, trigger]


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    import stillroom.store.migrating as migrating

    good = migrations()
    monkeypatch.setattr(migrating, "migrations", lambda: [*good, (len(good) + 1, BROKEN)])
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Store.open(tmp_path, fs_type=lambda _: "ext4")
    connection = sqlite3.connect(tmp_path / ".stillroom" / "store.db")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    assert version == len(good)
    assert "facts" in tables
    assert "extra" not in tables


def test_two_processes_may_make_the_store_at_the_same_time(tmp_path):
    processes = [run_open(tmp_path, "ext4", f"key{i}") for i in range(4)]
    assert [process.stdout.readline().strip() for process in processes] == ["open"] * 4
    for process in processes:
        process.communicate("\n")
    with Store.open(tmp_path, fs_type=lambda _: "ext4") as store:
        assert [store.facts.get(f"key{i}") for i in range(4)] == ["x"] * 4


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_network_file_systems_have_a_rollback_journal(opened, kind):
    store = opened(kind=kind)
    store.facts.put("a", "b")
    assert journal_mode(store) == "delete"


def test_on_a_network_file_system_a_second_process_is_refused_with_the_pid(tmp_path):
    first = run_open(tmp_path, "nfs")
    assert first.stdout.readline().strip() == "open"
    second = run_open(tmp_path, "nfs")
    assert second.communicate("\n")[0].split() == ["busy", str(first.pid)]
    with pytest.raises(StoreBusy) as busy:
        Store.open(tmp_path, fs_type=lambda _: "nfs")
    assert busy.value.pid == first.pid
    first.communicate("\n")
    Store.open(tmp_path, fs_type=lambda _: "nfs").close()


def test_alone_mode_serves_several_threads(opened):
    store = opened(kind="nfs")
    threads = [threading.Thread(target=store.facts.put, args=(f"k{i}", str(i))) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.facts.get(f"k{i}") for i in range(8)] == [str(i) for i in range(8)]


def test_threads_read_while_one_writes(store, make):
    make.pictures(*(f"{i}.jpg" for i in range(50)))
    seen: list[int] = []
    with store.database.writing() as connection:
        connection.execute("DELETE FROM files WHERE path < '3'")
        thread = threading.Thread(target=lambda: seen.append(len(store.pictures.known_files())))
        thread.start()
        thread.join(10)
    assert seen == [50]
    assert len(store.pictures.known_files()) < 50


def test_connections_of_ended_threads_are_closed(store):
    for _ in range(5):
        thread = threading.Thread(target=store.facts.get, args=("x",))
        thread.start()
        thread.join()
    assert len(store.database._connections) <= 2


def test_a_failed_block_stores_nothing(store):
    with pytest.raises(ZeroDivisionError), store.database.writing() as connection:
        connection.execute("INSERT INTO facts VALUES ('a', 'b')")
        _ = 1 / 0
    assert store.facts.get("a") is None


def test_a_block_within_a_block_belongs_to_the_outer_one(store):
    with pytest.raises(ZeroDivisionError), store.database.writing():
        store.facts.put("a", "b")
        _ = 1 / 0
    assert store.facts.get("a") is None


def test_a_full_disk_is_said_so_and_nothing_is_lost(store, make):
    make.pictures("a.jpg")
    with store.database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StorageFull, match="full") as full:
        store.facts.put("big", "x" * 200_000)
    assert "Free disk space" in full.value.todo
    assert store.facts.get("big") is None
    assert list(store.pictures.known_files()) == ["a.jpg"]
    with store.database.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    store.facts.put("big", "now it fits")
    assert store.facts.get("big") == "now it fits"


def test_writing_a_read_only_file_is_said_so(store):
    with store.database.reading() as connection:
        connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageFull, match="readonly"):
        store.facts.put("a", "b")


def in_another_thread(call: Callable[[], object]) -> None:
    """What it raises there is raised here."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(call).result()


@pytest.mark.parametrize("lost", ["store.db", ".stillroom"])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_store_that_was_removed_is_said_to_be_gone_and_no_other_is_made(opened, tmp_path, lost, read_only):
    opened().close()
    store = opened(read_only=read_only)
    store.jobs.all()
    if lost == ".stillroom":
        shutil.rmtree(tmp_path / lost)
    else:
        for file in (tmp_path / ".stillroom").glob(f"{lost}*"):
            file.unlink()
    with pytest.raises(StoreError, match="is gone: it was removed") as gone:
        in_another_thread(store.jobs.all)
    assert not isinstance(gone.value, StorageFull)
    assert "from a backup" in gone.value.todo
    assert not store.path.exists()


@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_written_into_a_store_that_has_no_name_any_more(opened, tmp_path, replaced):
    store = opened()
    store.facts.put("a", "1")
    (tmp_path / ".stillroom").rename(tmp_path / "moved away")
    if replaced:
        shutil.copytree(tmp_path / "moved away", tmp_path / ".stillroom")
    with pytest.raises(StoreError, match="is gone: it was removed"):
        store.facts.put("b", "2")


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / ".stillroom").write_text("a file is in the way")
    with pytest.raises(StorageFull):
        Store.open(tmp_path, fs_type=lambda _: "ext4")


def test_a_lock_that_cannot_be_written(tmp_path):
    (tmp_path / ".stillroom" / "store.lock").mkdir(parents=True)
    with pytest.raises(StorageFull):
        Store.open(tmp_path, fs_type=lambda _: "nfs")


def test_a_damaged_file_is_said_so(tmp_path):
    (tmp_path / ".stillroom").mkdir()
    (tmp_path / ".stillroom" / "store.db").write_bytes(b"this is no database, whatever it says" * 100)
    with pytest.raises(StoreError, match="damaged"):
        Store.open(tmp_path, fs_type=lambda _: "ext4")


def test_reading_a_store_that_is_not_there_yet(opened, tmp_path):
    store = opened(read_only=True)
    assert store.pictures.contents() == []
    assert store.runs.all() == []
    assert store.spending.lines() == []
    assert not (tmp_path / ".stillroom").exists()
    with pytest.raises(StorageFull):
        store.facts.put("a", "b")


def test_reading_while_another_store_writes(opened, make):
    reader = opened(read_only=True)
    make.pictures("a.jpg")
    assert list(reader.pictures.known_files()) == ["a.jpg"]
    with pytest.raises(StorageFull, match="can only be read"):
        reader.facts.put("a", "b")


def test_an_older_store_cannot_be_read_without_changing_it(opened, tmp_path, monkeypatch):
    import stillroom.store.migrating as migrating

    opened().close()
    good = migrations()
    monkeypatch.setattr(migrating, "migrations", lambda: [*good, (len(good) + 1, "CREATE TABLE extra (x);")])
    with pytest.raises(StoreError, match="older version"):
        opened(read_only=True)
    opened().close()
    opened(read_only=True).close()


def test_a_store_that_knows_likely_prices_alone_opens_and_counts_these(tmp_path):
    file = tmp_path / ".stillroom" / "store.db"
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    connection.executescript(migrations()[0][1])
    connection.execute("PRAGMA user_version = 1")
    connection.execute(
        "INSERT INTO jobs (name, size, student, token, base_model, hyperparameters, region, role_arn, "
        "training_uri, output_uri, records, created, usd, arn, status, stages, failure) VALUES "
        "('job-1', 300, 'lite-300', 't', 'amazon.nova-lite-v1:0:300k', '{}', 'us-east-1', 'arn:role', "
        "'s3://b/300.jsonl', 's3://b/', 300, 10.0, '2.10', 'arn:job', 'InProgress', '[]', '')"
    )
    connection.commit()
    connection.close()
    with Store.open(tmp_path, fs_type=lambda _: "ext4") as store:
        (job,) = store.jobs.all()
        assert (job.usd, job.usd_high, job.most) == (Decimal("2.10"), None, Decimal("2.10"))
        (line,) = store.spending.lines()
        assert (line.usd, line.most) == (Decimal("2.10"), Decimal("2.10"))


@pytest.mark.parametrize("version", [5, 6])
def test_what_run_has_deployed_is_known_of_an_older_store(tmp_path, version):
    file = tmp_path / ".stillroom" / "store.db"
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    for _, sql in migrations()[:version]:
        connection.executescript(sql)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.executemany(
        "INSERT INTO deployments VALUES (?, ?, 'token', ?, ?, 'Active', ?)",
        [
            ("by-run", "lite-10", 1.0, "arn:1", None),
            ("by-hand", "lite-10", 2.0, "arn:2", None),
            ("by-an-older-run", "lite-20", 3.0, None, None),
            ("removed", "lite-20", 4.0, "arn:4", 9.0),
        ],
    )
    facts = [f"deployed_by_run:{name}" for name in ("by-run", "removed", "lite-20", "lite-30")]
    connection.executemany("INSERT INTO facts VALUES (?, 'yes')", [(key,) for key in (*facts, "made_by")])
    connection.commit()
    connection.close()
    with Store.open(tmp_path, fs_type=lambda _: "ext4") as store:
        known = {row.name: row.by_run for row in store.students.deployments(deleted=True)}
        assert known == {"by-run": True, "by-hand": False, "by-an-older-run": True, "removed": False}
        assert [store.facts.get(key) for key in facts] == [None] * len(facts)
        assert store.facts.get("made_by") == "yes"


def test_a_closed_store_says_so(store):
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.facts.get("a")


def test_a_held_file_names_nobody_it_does_not_know(opened, tmp_path):
    store = opened()
    store.facts.put("a", "b")
    with store.database.reading() as connection:
        connection.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="another process") as busy:
        store.facts.put("a", "c")
    other.close()
    assert busy.value.pid == 0


MOUNTS = """\
overlay / overlay rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/me/with\\040blank ext4 rw 0 0
user@host: /mnt/far fuse.sshfs rw 0 0
short
tmpfs /home/me/with\\040blank/deep tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/opt/x", "overlay"),
        ("/home/me/project", "nfs4"),
        ("/homestead", "overlay"),
        ("/home/me/with blank/project", "ext4"),
        ("/home/me/with blank/deep", "tmpfs"),
        ("/mnt/far/away", "fuse.sshfs"),
    ],
)
def test_the_deepest_mount_counts(folder, kind):
    assert disks.type_in(MOUNTS, Path(folder)) == kind


def test_no_mounts_no_type(monkeypatch, tmp_path):
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "missing")
    assert disks.fs_type(tmp_path) == ""
    assert not disks.is_network("")


def test_this_machine_tells_a_type():
    assert disks.fs_type(Path("/")) != "" or sys.platform == "darwin"


def test_a_folder_where_nothing_can_be_made_is_read_from_the_file_alone(opened, tmp_path):
    # What SQLite meets in a read-only folder: a log-mode file whose index cannot be made.
    store = opened()
    store.facts.put("a", "b")
    store.close()
    file = tmp_path / ".stillroom" / "store.db"
    database = opening._open_unchanging(file)
    with database.reading() as connection:
        assert connection.execute("SELECT value FROM facts").fetchone()[0] == "b"
    database.close()
    assert sorted(path.name for path in file.parent.iterdir()) == ["store.db"]


def test_a_log_that_cannot_be_read_is_not_passed_over(opened, tmp_path):
    store = opened()
    store.facts.put("a", "b")
    file = tmp_path / ".stillroom" / "store.db"
    assert file.with_name("store.db-wal").stat().st_size > 0
    with pytest.raises(StorageFull, match="log"):
        opening._open_unchanging(file)


def test_damage_is_found_in_a_read_only_folder_too(tmp_path):
    file = tmp_path / "store.db"
    file.write_bytes(b"this is no database, whatever it says" * 100)
    with pytest.raises(StoreError, match="damaged"):
        opening._open_unchanging(file)
    (tmp_path / "old").mkdir()
    sqlite3.connect(tmp_path / "old" / "store.db").close()
    with pytest.raises(StoreError, match="older"):
        opening._open_unchanging(tmp_path / "old" / "store.db")


def test_a_store_on_a_full_disk_is_read_and_says_why_it_is_not_written(opened, tmp_path, monkeypatch):
    # What SQLite meets on a full disk: not even the log's index can be made, for whoever would write or read.
    with opened() as before:
        before.facts.put("a", "b")
    full = sqlite3.OperationalError("disk I/O error")
    full.sqlite_errorcode = sqlite3.SQLITE_IOERR

    def connect(database: Database) -> sqlite3.Connection:
        raise full

    monkeypatch.setattr(Database, "connect", connect)
    with Store.open(tmp_path) as store:
        assert store.facts.get("a") == "b"
        with pytest.raises(StorageFull, match="can only be read") as refused:
            store.facts.put("a", "c")
    assert "Free disk space" in refused.value.todo
    with pytest.raises(StorageFull, match="disk I/O error"):
        Store.open(tmp_path / "new")
