"""Answers: read for exports and scores, judged again, imported."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from decimal import Decimal

from stillroom.labeling.values import Accept, FailureClass, Verdict
from stillroom.store.clauses import PATH, THESE
from stillroom.store.database import Database, storable
from stillroom.store.exclusion import busy
from stillroom.store.runs import Runs
from stillroom.store.values import IMPORTED, AnswerRow, Run

_BLOCK = 1000

_ANSWERS = """
SELECT s.content_id, c.hash, {path}, a.text, a.keywords, s.state, coalesce(a.failure, s.failure), a.remark,
       a.stop_reason, a.input_tokens, a.output_tokens, a.latency_ms,
       (SELECT count(*) FROM attempts n WHERE n.run_id = s.run_id AND n.content_id = s.content_id),
       a.request_id, a.usd, a.at
FROM states s JOIN contents c ON c.id = s.content_id JOIN answers a ON a.id = s.answer_id
WHERE s.run_id = ? AND {which} ORDER BY s.content_id
"""
_TEACHERS = "SELECT id FROM runs WHERE role = ? AND id != ?"
_NEXT = _ANSWERS.format(path=PATH, which="s.content_id > ?") + "LIMIT ?"
_NAMED = _ANSWERS.format(path=PATH, which=THESE.format("?"))
_UNHEARD = """
SELECT c.hash FROM states s JOIN contents c ON c.id = s.content_id
LEFT JOIN answers b ON b.id = s.answer_id
WHERE s.run_id = ?1 AND s.state <> 'done'
AND EXISTS (SELECT 1 FROM attempts a WHERE a.run_id = ?1 AND a.content_id = s.content_id
            AND a.id > coalesce(b.attempt_id, 0) AND (a.unknown OR (?2 AND a.ended IS NULL)))
"""


class Answers:
    """What models said. Answers are added, never overwritten; only their verdicts can be made again."""

    def __init__(self, database: Database, now: Callable[[], float], runs: Runs) -> None:
        self._database = database
        self._now = now
        self._runs = runs

    def rows(self, run_id: int, contents: Collection[str] | None = None) -> Iterator[AnswerRow]:
        """One row for each picture that the run has an answer for: the usable one, else the latest.

        Read in blocks, so that a writer is never held up; of ``contents`` alone when they are given.
        """
        blocks = self._all(run_id) if contents is None else self._named(run_id, contents)
        for block in blocks:
            yield from map(_answer, block)

    def _all(self, run_id: int) -> Iterator[list[sqlite3.Row]]:
        last = 0
        while True:
            with self._database.reading() as connection:
                block = connection.execute(_NEXT, (run_id, last, _BLOCK)).fetchall()
            yield block
            if len(block) < _BLOCK:
                return
            last = block[-1][0]

    def _named(self, run_id: int, contents: Collection[str]) -> Iterator[list[sqlite3.Row]]:
        names = sorted(set(contents))
        for start in range(0, len(names), _BLOCK):
            wanted = json.dumps(names[start : start + _BLOCK])
            with self._database.reading() as connection:
                block = connection.execute(_NAMED, (run_id, wanted)).fetchall()
            yield block

    def unheard(self, run: Run) -> set[str]:
        """Contents without a usable answer of which a call may be paid that nobody heard the end of.

        A later answer, of whatever worth, is the end of it. What a living process has under way is not among
        them.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_UNHEARD, (run.id, run.holder is None)).fetchall()
        return {row[0] for row in rows}

    def keyword_strings(self, run_ids: Sequence[int], contents: Sequence[str]) -> list[list[str | None]]:
        """Columns for scoring.

        Returns:
            For each run a list as long as ``contents``: keywords joined by newlines, or None where the run
            has no usable answer.
        """
        sql = """SELECT c.hash, a.keywords FROM states s JOIN answers a ON a.id = s.answer_id
                 JOIN contents c ON c.id = s.content_id WHERE s.run_id = ? AND s.state = 'done'"""
        columns = []
        for run_id in run_ids:
            with self._database.reading() as connection:
                cursor = connection.cursor()
                cursor.row_factory = None
                found: dict[str, str] = dict(cursor.execute(sql, (run_id,)))
            columns.append([found.get(content) for content in contents])
        return columns

    def latest(self, run_id: int, count: int = 1) -> list[AnswerRow]:
        """The newest answers of a run, newest first; of each picture one."""
        # Grouped by picture the answers of the whole run would be read; so only those that are passed over.
        sql = """SELECT content_id FROM answers a WHERE run_id = ? AND NOT EXISTS
                     (SELECT 1 FROM answers later WHERE later.run_id = a.run_id
                      AND later.content_id = a.content_id AND later.id > a.id)
                 ORDER BY id DESC LIMIT ?"""
        with self._database.reading() as connection:
            ids = [row[0] for row in connection.execute(sql, (run_id, count))]
            found = [
                row
                for content_id in ids
                for row in connection.execute(_NEXT, (run_id, content_id - 1, 1)).fetchall()
            ]
        return sorted((_answer(row) for row in found), key=lambda row: row.at, reverse=True)

    def reparse(self, run_id: int, accept: Accept, *, claimed: bool = False) -> int:
        """Judge all stored answers of a run again; costs nothing, the models' own words stay as they are.

        Args:
            run_id: The run.
            accept: Judges.
            claimed: Whether the caller holds the run.

        Returns:
            How many verdicts changed.

        Raises:
            StoreBusy: The run is going on, here or in another process, or is being judged.
        """
        changed = 0
        with nullcontext() if claimed else self._runs.locks.judging(run_id):
            last = 0
            while True:
                with self._database.writing() as connection:
                    block = connection.execute(
                        "SELECT id, content_id, text, stop_reason, keywords, failure, remark FROM answers "
                        "WHERE run_id = ? AND id > ? ORDER BY id LIMIT ?",
                        (run_id, last, _BLOCK),
                    ).fetchall()
                    touched = {
                        row[1] for row in block if _judge_again(connection, row, accept(row[2], row[3]))
                    }
                    for content_id in touched:
                        _restate(connection, run_id, content_id)
                changed += len(touched)
                if len(block) < _BLOCK:
                    return changed
                last = block[-1][0]

    def import_labels(self, labels: Iterable[tuple[str, str]], accept: Accept) -> Run:
        """Take labels from elsewhere as the answers of a teacher run named ``imported``; they cost nothing.

        Args:
            labels: Content and label. A label that is stored already is left alone; another one for the same
                picture is added and counts from now on. Contents that are not known are left out.
            accept: Judges the labels.

        Raises:
            StoreBusy: Another process is importing, or somebody labels as the teacher.
        """
        run = self._runs.start_or_find(IMPORTED)
        now = self._now()
        with self._runs.claim(run.id), self._database.writing() as connection:
            # Who has a run's lock and cannot be seen yet writes first, which is after this, and then reads
            # what was imported: nobody is paid for that.
            for (other,) in connection.execute(_TEACHERS, (IMPORTED.role, run.id)).fetchall():
                if (held := self._runs.holder(other)) is not None:
                    raise busy(held, "is labeling as the teacher, and pays for what is to be imported")
            for content, text in labels:
                found = connection.execute("SELECT id FROM contents WHERE hash = ?", (content,)).fetchone()
                if found is not None:
                    _import(connection, run.id, found[0], storable(text), accept(text, "end_turn"), now)
            connection.execute("UPDATE runs SET advanced = ? WHERE id = ?", (now, run.id))
        return self._runs.get(run.id)

    def save_scores(self, run_id: int, scores: Iterable[tuple[str, float]]) -> None:
        """Store the Jaccard of a run's pictures against the teacher, in place of all earlier ones of the run.

        They serve big lists alone (column ``jaccard``); comparing computes them anew.
        """
        with self._database.writing() as connection:
            connection.execute("DELETE FROM scores WHERE run_id = ?", (run_id,))
            connection.executemany(
                "INSERT INTO scores SELECT ?, id, ? FROM contents WHERE hash = ?",
                [(run_id, jaccard, content) for content, jaccard in scores],
            )


def _answer(row: sqlite3.Row) -> AnswerRow:
    usable = row[5] == "done"
    return AnswerRow(
        content=row[1],
        path=row[2],
        text=row[3],
        keywords=row[4],
        failure=None if usable or row[6] is None else FailureClass(row[6]),
        remark=row[7],
        stop_reason=row[8],
        input_tokens=row[9],
        output_tokens=row[10],
        latency_ms=row[11],
        attempts=row[12],
        request_id=row[13],
        usd=None if row[14] is None else Decimal(row[14]),
        at=row[15],
    )


def _judge_again(connection: sqlite3.Connection, row: sqlite3.Row, verdict: Verdict) -> bool:
    keywords, remark = storable("\n".join(verdict.keywords)), storable(verdict.remark)
    failure = None if verdict.failure is None else verdict.failure.value
    if (keywords, failure, remark) == (row[4], row[5], row[6]):
        return False
    connection.execute(
        "UPDATE answers SET keywords = ?, words = ?, failure = ?, remark = ? WHERE id = ?",
        (keywords, len(verdict.keywords), failure, remark, row[0]),
    )
    return True


def _restate(connection: sqlite3.Connection, run_id: int, content_id: int) -> None:
    """Let the state of a picture follow from its answers again."""
    best = connection.execute(
        "SELECT id, attempt_id, words, failure FROM answers WHERE run_id = ? AND content_id = ? "
        "ORDER BY failure IS NULL DESC, id DESC LIMIT 1",
        (run_id, content_id),
    ).fetchone()
    state = connection.execute(
        "SELECT state, failure, attempt_id FROM states WHERE run_id = ? AND content_id = ?",
        (run_id, content_id),
    ).fetchone()
    if best["failure"] is None:
        word, failure = "done", None
    elif state["state"] == "done" or state["attempt_id"] == best["attempt_id"]:
        word, failure = "failed", best["failure"]
    else:
        # The latest attempt brought no answer: how it failed still holds.
        word, failure = state["state"], state["failure"]
    connection.execute(
        "UPDATE states SET state = ?, failure = ?, answer_id = ?, words = ? "
        "WHERE run_id = ? AND content_id = ?",
        (word, failure, best["id"], best["words"], run_id, content_id),
    )


def _import(
    connection: sqlite3.Connection, run_id: int, content_id: int, text: str, verdict: Verdict, now: float
) -> None:
    latest = connection.execute(
        "SELECT text FROM answers WHERE run_id = ? AND content_id = ? ORDER BY id DESC LIMIT 1",
        (run_id, content_id),
    ).fetchone()
    if latest is not None and latest[0] == text:
        return
    connection.execute(
        """INSERT INTO answers (run_id, content_id, at, text, stop_reason, input_tokens, output_tokens,
                                latency_ms, request_id, usd, keywords, words, failure, remark)
           VALUES (?, ?, ?, ?, 'end_turn', 0, 0, 0, '', '0', ?, ?, ?, ?)""",
        (
            run_id,
            content_id,
            now,
            text,
            storable("\n".join(verdict.keywords)),
            len(verdict.keywords),
            None if verdict.failure is None else verdict.failure.value,
            storable(verdict.remark),
        ),
    )
    connection.execute(
        "INSERT INTO states (run_id, content_id, state) VALUES (?, ?, 'failed') ON CONFLICT DO NOTHING",
        (run_id, content_id),
    )
    _restate(connection, run_id, content_id)
