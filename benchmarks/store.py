"""The store against bare SQLite: a million pictures filtered and sorted, 20,000 known files, a run's journal.

Usage: python benchmarks/store.py [PICTURES]

Each row is measured in this process, in turns with its reference, and the medians are printed. The
reference of a list is the same rows by the shortest SQL that a person would write, fetched; that of known
files is reading the directory and the status of each file; that of the journal one INSERT a call, in groups
of the same size.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from stillroom.labeling.values import Answer, Inference, Item, Outcome, Prompt, Verdict
from stillroom.pictures import Inspection, Side
from stillroom.store import RunSpec
from stillroom.store.filters import parse, parse_sort
from stillroom.store.opening import Store
from stillroom.store.selecting import Scope

TEACHER = RunSpec("teacher", "teacher", "m", Prompt("s", "u"), "v1", Inference(), "p1")
STUDENT = RunSpec("untuned", "untuned", "n", Prompt("s", "u"), "v1", Inference(), "p1")
SCOPE = Scope(teacher=1, student=2)
JOINED = "SELECT f.id FROM files f JOIN contents c ON c.id = f.content_id AND f.flag IS NULL"

LISTS: tuple[tuple[str, str, str], ...] = (
    ("", "", "SELECT id FROM files ORDER BY id"),
    ("", "name", "SELECT id FROM files ORDER BY name, id"),
    ("", "-size", "SELECT id FROM files ORDER BY size DESC, id DESC"),
    ("beach", "", "SELECT id FROM files WHERE instr(folded, 'beach') ORDER BY id"),
    ("split:test", "name", f"{JOINED} WHERE c.side = 'test' ORDER BY f.name, f.id"),
    (
        "status:failed",
        "",
        f"""{JOINED} JOIN states t ON t.content_id = c.id AND t.run_id = 1
        WHERE t.state = 'failed' ORDER BY f.id""",
    ),
    (
        "jaccard<0.3 -split:train",
        "jaccard",
        f"""{JOINED} JOIN scores j ON j.content_id = c.id AND j.run_id = 2
        WHERE j.jaccard < 0.3 AND c.side <> 'train' ORDER BY j.jaccard, f.id""",
    ),
    (
        "",
        "jaccard",
        f"{JOINED} LEFT JOIN scores j ON j.content_id = c.id AND j.run_id = 2 ORDER BY j.jaccard, f.id",
    ),
    (
        "kw:sunset",
        "name",
        f"""{JOINED} JOIN states t ON t.content_id = c.id AND t.run_id = 1
        JOIN answers a ON a.id = t.answer_id
        WHERE instr(char(10) || a.keywords || char(10), char(10) || 'sunset' || char(10))
        ORDER BY f.name, f.id""",
    ),
)


def main() -> None:
    """Print one line a row."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        with Store.open(Path(folder), fs_type=lambda _: "ext4") as store:
            started = time.perf_counter()
            fill(store, count)
            print(f"{count:,} pictures filled in {time.perf_counter() - started:.1f} s")
            for text, sort, sql in LISTS:
                compare_list(store, text, sort, sql)
            block(store)
        known_files(Path(folder))
        journal(Path(folder))


def fill(store: Store, count: int, asked: tuple[RunSpec, RunSpec] = (TEACHER, STUDENT)) -> None:
    """Make pictures, states and answers of every kind; one content in eight is a copy."""
    hashes = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(count)]
    words = ("beach", "harbour", "street", "forest")
    for start in range(0, count, 50_000):
        store.pictures.save_inspections(
            Inspection(
                f"{i % 97:02}/{words[i % 4]}_{i * 7919 % count:07}.jpg",
                i * 31 % 900_000,
                i,
                hashes[i - 1 if i % 8 == 7 else i],
                "jpeg",
                640 + i % 2000,
                480 + i % 1000,
                int(hashes[i][:16], 16),  # as unlike as real pictures are
                None,
                "",
            )
            for i in range(start, min(count, start + 50_000))
        )
    store.pictures.save_sides({h: Side.TEST if i % 10 == 0 else Side.TRAIN for i, h in enumerate(hashes)})
    teacher, student = map(store.runs.start_or_find, asked)
    with store.database.writing() as connection:
        connection.execute(
            "INSERT INTO answers (run_id, content_id, at, text, stop_reason, input_tokens, output_tokens, "
            "latency_ms, request_id, keywords, words, remark) SELECT ?, id, 0, '', '', 0, 0, 0, '', "
            "CASE WHEN id % 20 THEN 'sea' || char(10) || 'sky' ELSE 'sunset' || char(10) || 'sea' END, 2, '' "
            "FROM contents",
            (teacher.id,),
        )
        connection.execute(
            "INSERT INTO states (run_id, content_id, state, failure, answer_id, words) "
            "SELECT run_id, content_id, CASE WHEN id % 50 THEN 'done' ELSE 'failed' END, "
            "CASE WHEN id % 50 THEN NULL ELSE 'refused' END, id, 2 FROM answers"
        )
        connection.execute(
            "INSERT INTO scores SELECT ?, id, (id * 7919 % 10007) / 10007.0 FROM contents", (student.id,)
        )


def compare_list(store: Store, text: str, sort: str, sql: str) -> None:
    """Time one list both ways."""
    views = store.views.of(SCOPE)
    found = len(views.select(parse(text), parse_sort(sort) if sort else None))

    def ours() -> object:
        return views.select(parse(text), parse_sort(sort) if sort else None)

    def bare() -> object:
        with store.database.reading() as connection:
            cursor = connection.cursor()
            cursor.row_factory = None
            return cursor.execute(sql).fetchall()

    mine, reference = in_turns(ours, bare)
    show(f"list [{text}] by [{sort or 'id'}] -> {found:,}", mine, reference)


def block(store: Store) -> None:
    """Time the rows of one screen's block."""
    views = store.views.of(SCOPE)
    ids = views.select(None, parse_sort("name"))
    middle = ids[len(ids) // 2 : len(ids) // 2 + 512]
    marks = ", ".join("?" * len(middle))

    def bare() -> object:
        with store.database.reading() as connection:
            return connection.execute(f"SELECT * FROM files WHERE id IN ({marks})", list(middle)).fetchall()  # noqa: S608

    mine, reference = in_turns(lambda: views.rows(middle), bare)
    show("block of 512 rows, six tables against one", mine, reference)


def known_files(folder: Path) -> None:
    """Time what a scan needs to know about 20,000 files."""
    pictures = folder / "pictures"
    pictures.mkdir()
    for i in range(20_000):
        (pictures / f"{i:05}.jpg").touch()
    with Store.open(folder / "known", fs_type=lambda _: "ext4") as store:
        store.pictures.save_inspections(
            Inspection(
                f"{i:05}.jpg", 0, i, hashlib.sha256(str(i).encode()).hexdigest(), "jpeg", 1, 1, i, None, ""
            )
            for i in range(20_000)
        )

        def bare() -> object:
            with os.scandir(pictures) as entries:
                return [entry.stat() for entry in entries]

        mine, reference = in_turns(store.pictures.known_files, bare)
        show("known_files, 20,000", mine, reference)


def journal(folder: Path) -> None:
    """Time a run's journal, 8 calls a group."""
    count, group = 4000, 8
    hashes = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(count)]
    items = [Item(one, "p", "jpeg", 900) for one in hashes]
    verdict = Verdict(tuple(f"keyword {i}" for i in range(20)), None)
    answer = Answer(", ".join(verdict.keywords), "end_turn", 900, 90, 700, "request")
    number = 0

    def ours() -> object:
        nonlocal number
        number += 1
        with Store.open(folder / f"journal{number}", fs_type=lambda _: "ext4") as store:
            store.pictures.save_inspections(
                Inspection(one, 0, 0, one, "jpeg", 1, 1, 0, None, "") for one in hashes
            )
            run = store.runs.start_or_find(TEACHER)
            started = time.perf_counter()
            with store.runs.claim(run.id):
                log = store.runs.journal(run.id, lambda _: Decimal("0.000123"))
                ended: list[Outcome] = []
                for start in range(0, count, group):
                    wanted = items[start : start + group]
                    begun = log.advance(ended, wanted)
                    ended = [
                        Outcome(attempt, item, answer, verdict, None, "", "", 1.0, 2.0)
                        for attempt, item in zip(begun, wanted, strict=True)
                    ]
                log.advance(ended, [])
            return time.perf_counter() - started

    def bare() -> object:
        nonlocal number
        number += 1
        connection = sqlite3.connect(folder / f"bare{number}.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, hash TEXT, text TEXT)")
        started = time.perf_counter()
        for start in range(0, count, group):
            connection.execute("BEGIN IMMEDIATE")
            for one in hashes[start : start + group]:
                connection.execute("INSERT INTO answers (hash, text) VALUES (?, ?)", (one, answer.text))
            connection.execute("COMMIT")
        seconds = time.perf_counter() - started
        connection.close()
        return seconds

    pairs = [(float(str(ours())), float(str(bare()))) for _ in range(3)]
    mine, reference = (statistics.median(column) for column in zip(*pairs, strict=True))
    show(f"journal, {count / mine:,.0f} answers a second", mine, reference)


def in_turns(ours: Callable[[], object], bare: Callable[[], object], rounds: int = 5) -> tuple[float, float]:
    """Median seconds of each, measured in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for one, seconds in zip((ours, bare), times, strict=True):
            started = time.perf_counter()
            one()
            seconds.append(time.perf_counter() - started)
    return statistics.median(times[0]), statistics.median(times[1])


def show(what: str, mine: float, reference: float) -> None:
    """Print one row."""
    times = f"{mine * 1000:9.1f} ms  reference {reference * 1000:9.1f} ms"
    print(f"{what:<58} {times}  ratio {mine / reference:5.2f}")


if __name__ == "__main__":
    main()
