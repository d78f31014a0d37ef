"""The memory of a labeling run while it goes: intents before the calls, outcomes before they count."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stillroom.errors import StoreError
from stillroom.labeling.values import Answer, FailureClass, Item, Outcome
from stillroom.store.database import Database, storable
from stillroom.store.sweeping import add_unknown, note_pause

LONGEST_GAP = 120.0
"""Seconds between two groups that still count as labeling; a longer one is a suspended machine."""

_ASKING = """
INSERT INTO states (run_id, content_id, state, attempt_id, session_id) VALUES (?, ?, 'asking', ?, ?)
ON CONFLICT (run_id, content_id) DO UPDATE SET
    state = CASE state WHEN 'done' THEN 'done' ELSE 'asking' END,
    attempt_id = excluded.attempt_id, session_id = excluded.session_id
"""
_DONE = """
UPDATE states SET state = 'done', failure = NULL, answer_id = ?, words = ? WHERE run_id = ? AND content_id = ?
"""
_FAILED = """
UPDATE states SET state = 'failed', failure = ?, answer_id = coalesce(?, answer_id),
    words = coalesce(?, words)
WHERE run_id = ? AND content_id = ? AND state <> 'done'
"""


@dataclass(slots=True)
class _Totals:
    """Sums of the answers of one group."""

    labeling: float
    """Seconds that the run has been labeling, this group included."""
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated_tokens: int = 0
    latency_ms: int = 0
    usd: Decimal = Decimal(0)
    unpriced: int = 0

    def add(self, answer: Answer, estimated: int, usd: Decimal | None) -> None:
        self.calls += 1
        self.input_tokens += answer.input_tokens
        self.output_tokens += answer.output_tokens
        self.estimated_tokens += estimated
        self.latency_ms += answer.latency_ms
        self.usd += usd or 0
        self.unpriced += usd is None


class RunJournal:
    """Implements ``labeling.values.Journal`` for a run that is claimed."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], float],
        run_id: int,
        session: int,
        price: Callable[[Outcome], Decimal | None],
    ) -> None:
        self._database = database
        self._now = now
        self._run = run_id
        self._session = session
        self._price = price
        self._advanced = now()

    def advance(self, finished: Sequence[Outcome], beginning: Sequence[Item]) -> list[int]:
        """Store outcomes and intents in one transaction; see ``labeling.values.Journal``.

        Offering an outcome again, after an error, stores it once.

        Raises:
            StorageFull: Nothing of this group was stored.
            StoreError: A picture of ``beginning`` is not known to the store.
        """
        now = self._now()
        with self._database.writing() as connection:
            seconds = min(max(0.0, now - self._advanced), LONGEST_GAP)
            (labeling,) = connection.execute(
                "UPDATE runs SET attempts = attempts + ?, active_seconds = active_seconds + ?, advanced = ? "
                "WHERE id = ? RETURNING active_seconds",
                (len(beginning), seconds, now, self._run),
            ).fetchone()
            totals = _Totals(labeling)
            for outcome in finished:
                self._end(connection, outcome, totals)
            begun = [self._begin(connection, item, now) for item in beginning]
            if totals.calls:
                self._count(connection, totals)
        self._advanced = now
        return begun

    def rested(self, seconds: float) -> None:
        """Leave so many seconds out of the time of labeling; see ``labeling.values.Journal``."""
        self._advanced += seconds

    def pause(self, paused: bool) -> None:
        """Say for as long as the run is held whether it is paused; see ``labeling.values.Journal``."""
        with self._database.writing() as connection:
            note_pause(connection, self._run, os.getpid() if paused else None)

    def _begin(self, connection: sqlite3.Connection, item: Item, now: float) -> int:
        bound = self._price(
            Outcome(0, item, None, None, FailureClass.UNKNOWN, "", "", now, now, outcome_unknown=True)
        )
        row = connection.execute(
            "INSERT INTO attempts (run_id, content_id, begun, estimated_tokens, usd, session_id) "
            "SELECT ?, id, ?, ?, ?, ? FROM contents WHERE hash = ? RETURNING id, content_id",
            (self._run, now, item.estimated_input_tokens, _text(bound), self._session, item.content),
        ).fetchone()
        if row is None:
            raise StoreError(f"The picture {item.content} is not known.", "Run stillroom scan.")
        connection.execute(_ASKING, (self._run, row[1], row[0], self._session))
        return int(row[0])

    def _count(self, connection: sqlite3.Connection, totals: _Totals) -> None:
        before = connection.execute("SELECT usd FROM runs WHERE id = ?", (self._run,)).fetchone()[0]
        connection.execute(
            "UPDATE runs SET calls = calls + ?, input_tokens = input_tokens + ?, "
            "output_tokens = output_tokens + ?, estimated_tokens = estimated_tokens + ?, "
            "latency_ms = latency_ms + ?, usd = ?, unpriced = unpriced + ? WHERE id = ?",
            (
                totals.calls,
                totals.input_tokens,
                totals.output_tokens,
                totals.estimated_tokens,
                totals.latency_ms,
                str(Decimal(before) + totals.usd),
                totals.unpriced,
                self._run,
            ),
        )

    def _withdraw(self, connection: sqlite3.Connection, attempt: int) -> None:
        """Forget an intent that was never sent. The picture is to be asked, whatever it was before."""
        row = connection.execute(
            "DELETE FROM attempts WHERE id = ? AND ended IS NULL RETURNING content_id", (attempt,)
        ).fetchone()
        if row is None:
            return
        values = (self._run, row[0])
        connection.execute(
            "DELETE FROM states WHERE run_id = ?1 AND content_id = ?2 AND state = 'asking' AND NOT EXISTS "
            "(SELECT 1 FROM attempts a WHERE a.run_id = ?1 AND a.content_id = ?2)",
            values,
        )
        connection.execute(
            "UPDATE states SET state = 'unknown' WHERE run_id = ? AND content_id = ? AND state = 'asking'",
            values,
        )
        connection.execute("UPDATE runs SET attempts = attempts - 1 WHERE id = ?", (self._run,))

    def _end(self, connection: sqlite3.Connection, outcome: Outcome, totals: _Totals) -> None:
        if not outcome.called and outcome.failure is None:
            self._withdraw(connection, outcome.attempt)
            return
        answer, unknown = outcome.answer, outcome.outcome_unknown
        verdict = outcome.verdict
        usd = self._price(outcome) if answer is not None or unknown else Decimal(0)
        failure = outcome.failure
        if failure is None:
            failure = verdict.failure if answer is not None and verdict is not None else FailureClass.UNKNOWN
        name = None if failure is None else failure.value
        row = connection.execute(
            "UPDATE attempts SET begun = ?, ended = ?, failure = ?, code = ?, message = ?, unknown = ?, "
            "usd = ? WHERE id = ? AND ended IS NULL RETURNING content_id, estimated_tokens",
            (
                outcome.started,
                outcome.ended,
                name,
                storable(outcome.code),
                storable(outcome.message),
                int(unknown),
                _text(usd),
                outcome.attempt,
            ),
        ).fetchone()
        if row is None:
            return
        content_id, estimated = row
        if not outcome.called:
            connection.execute("UPDATE runs SET attempts = attempts - 1 WHERE id = ?", (self._run,))
        if unknown:
            add_unknown(connection, self._run, [_text(usd)])
        answer_id, words = None, None
        if answer is not None:
            answer_id, words = self._store_answer(
                connection, outcome, answer, content_id, name, usd, totals.labeling
            )
            totals.add(answer, estimated, usd)
        if name is None:
            connection.execute(_DONE, (answer_id, words, self._run, content_id))
        else:
            connection.execute(_FAILED, (name, answer_id, words, self._run, content_id))

    def _store_answer(
        self,
        connection: sqlite3.Connection,
        outcome: Outcome,
        answer: Answer,
        content_id: int,
        failure: str | None,
        usd: Decimal | None,
        labeling: float,
    ) -> tuple[int, int]:
        verdict = outcome.verdict
        keywords = verdict.keywords if verdict is not None else ()
        row = connection.execute(
            """INSERT INTO answers (run_id, content_id, attempt_id, at, text, stop_reason, input_tokens,
                                    output_tokens, latency_ms, request_id, usd, keywords, words, failure,
                                    remark, labeling_seconds)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            (
                self._run,
                content_id,
                outcome.attempt,
                outcome.ended,
                storable(answer.text),
                answer.stop_reason,
                answer.input_tokens,
                answer.output_tokens,
                answer.latency_ms,
                answer.request_id,
                _text(usd),
                storable("\n".join(keywords)),
                len(keywords),
                failure,
                storable(verdict.remark if verdict is not None else outcome.message),
                labeling,
            ),
        ).fetchone()
        return int(row[0]), len(keywords)


def _text(usd: Decimal | None) -> str | None:
    return None if usd is None else str(usd)
