"""Labeling runs: found or started, held by one process, what is left of them, where their pictures stand."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from stillroom.errors import StoreBusy, StoreError
from stillroom.labeling.values import FailureClass, Inference, Outcome, Prompt
from stillroom.store.clauses import FAILURES, THESE
from stillroom.store.database import Database
from stillroom.store.exclusion import busy
from stillroom.store.journal import LONGEST_GAP, RunJournal
from stillroom.store.run_locks import LABELING, RunLocks
from stillroom.store.sweeping import note_pause, pause_key, sweep_session
from stillroom.store.values import FailureRow, Run, RunCounts, RunSpec, State, Tempo

_RANKS = ("teacher", "untuned", "student", "model", "ask")
_LATEST_ANSWERS = 2000
_STATES = {state.value: state for state in State}


class Claim:
    """A run that this process holds."""

    def __init__(self, session: int) -> None:
        self.session = session
        self.complete = True

    def cut_short(self) -> None:
        """Say that the run did not get through (cancelled, budget, refused).

        Pictures whose last failure could pass (throttled, service, unknown, access) are then asked again by
        the next run instead of waiting for ``retry``: their retries may never have been made.
        """
        self.complete = False


class Runs:
    """All labeling runs."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now
        self._claims: dict[int, Claim] = {}
        self.locks = RunLocks(database.file.parent / "locks")

    def start_or_find(self, spec: RunSpec) -> Run:
        """Find the run with the same key, or start it.

        The id that is sent, the name and the base model of a found run become those of ``spec``; its role
        only ever rises (teacher, untuned, student, model, ask).
        """
        now = self._now()
        with self._database.writing() as connection:
            found = connection.execute("SELECT id, role FROM runs WHERE key = ?", (spec.key(),)).fetchone()
            if found is None:
                run_id = _insert(connection, spec, now)
            else:
                run_id = int(found[0])
                if _RANKS.index(spec.role) <= _RANKS.index(found[1]):
                    connection.execute(
                        "UPDATE runs SET role = ?, name = ?, model = ?, base_model = ? WHERE id = ?",
                        (spec.role, spec.name, spec.model, spec.base_model, run_id),
                    )
        return self.get(run_id)

    def find(self, spec: RunSpec) -> Run | None:
        """The run with the same key, or None; starts nothing."""
        found = self.id_of(spec)
        return None if found is None else self.get(found)

    def id_of(self, spec: RunSpec) -> int | None:
        """The id of the run with the same key, or None; counts nothing."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT id FROM runs WHERE key = ?", (spec.key(),)).fetchone()
        return None if found is None else int(found[0])

    def foremost(self, specs: Iterable[RunSpec]) -> int | None:
        """Of the runs with these keys one that was scored, else asked; the latest. None: there is none."""
        keys = json.dumps([spec.key() for spec in specs])
        sql = """SELECT id FROM runs WHERE key IN (SELECT value FROM json_each(?))
                 ORDER BY EXISTS (SELECT 1 FROM scores s WHERE s.run_id = runs.id) DESC,
                          advanced DESC, id DESC LIMIT 1"""
        with self._database.reading() as connection:
            found = connection.execute(sql, (keys,)).fetchone()
        return None if found is None else int(found[0])

    def models(self) -> list[str]:
        """Names of the models that were asked by their own names, in the order of their first runs."""
        sql = "SELECT name FROM runs WHERE role = 'model' GROUP BY name ORDER BY min(id)"
        with self._database.reading() as connection:
            return [str(row[0]) for row in connection.execute(sql)]

    def get(self, run_id: int) -> Run:
        """One run with its counts.

        Raises:
            StoreError: There is no such run.
        """
        for run in self._read("WHERE id = ?", (run_id,)):
            return run
        raise StoreError(f"There is no run {run_id}.")

    def all(self) -> list[Run]:
        """Every run, oldest first."""
        return self._read("", ())

    def holder(self, run_id: int) -> int | None:
        """Process id of the process that holds the run; None: nobody."""
        return self.locks.holder(run_id)

    def is_paused(self, run_id: int, holder: int | None) -> bool:
        """Whether the process that holds the run has paused it: it goes on when somebody says so there."""
        sql = "SELECT 1 FROM facts WHERE key = ? AND value = ?"
        with self._database.reading() as connection:
            return connection.execute(sql, (pause_key(run_id), str(holder))).fetchone() is not None

    def refuse_held(self, spec: RunSpec) -> None:
        """Say that the run with this key cannot be claimed, before anybody agrees to a price.

        Raises:
            StoreBusy: Another process holds it.
        """
        run = self.id_of(spec)
        held = None if run is None else self.holder(run)
        if run is not None and held is not None and held != os.getpid():
            if self.is_paused(run, held):
                raise StoreBusy(
                    f"Process {held} has paused this run.", "Go on with it there, or stop it.", pid=held
                )
            raise busy(held, LABELING)

    @contextmanager
    def claim(self, run_id: int, cancelled: threading.Event | None = None) -> Iterator[Claim]:
        """Hold the run: this process alone may write to it. The hold ends with the process, however it dies.

        Waits for whoever is judging its answers anew, as :meth:`RunLocks.labeling` does.
        Leaving the block by an exception counts as :meth:`Claim.cut_short`.

        Raises:
            StoreBusy: Another process (or another part of this one) holds it.
            Interrupted: ``cancelled`` was set while it waited.
            StorageFull: The project folder cannot be written.
        """
        with self.locks.labeling(run_id, cancelled):
            self._sweep_run(run_id, held=True)
            claim = Claim(self._begin_session(run_id))
            self._claims[run_id] = claim
            whole = False
            try:
                yield claim
                whole = claim.complete
            finally:
                del self._claims[run_id]
                with self._database.writing() as connection:
                    sweep_session(connection, claim.session, self._now(), complete=whole)
                    note_pause(connection, run_id, None)

    def journal(self, run_id: int, price: Callable[[Outcome], Decimal | None]) -> RunJournal:
        """The memory of a claimed run, for ``labeling.engine.label``.

        Args:
            run_id: A run that this store has claimed.
            price: US dollars of an outcome; None when no price is known. Asked for answers, and with
                ``outcome_unknown`` for the highest price that an attempt can have.

        Raises:
            StoreError: The run is not claimed.
        """
        claim = self._claims.get(run_id)
        if claim is None:
            raise StoreError(f"Run {run_id} is not claimed.")
        return RunJournal(self._database, self._now, run_id, claim.session, price)

    def sweep(self) -> None:
        """Settle what processes left open that died: their unended attempts have an unknown outcome."""
        with self._database.reading() as connection:
            runs = connection.execute("SELECT DISTINCT run_id FROM sessions WHERE ended IS NULL").fetchall()
        for (run_id,) in runs:
            self._sweep_run(run_id)

    def todo(self, run_id: int, contents: Iterable[str], *, again: bool = False) -> list[str]:
        """Those of ``contents`` that the run has to ask, in their order.

        Left out are those with a usable answer and those that failed, unless they are to be asked ``again``.
        """
        self._sweep_run(run_id)
        settled = {State.DONE} if again else {State.DONE, State.FAILED}
        states = self.states(run_id)
        return [content for content in contents if states.get(content) not in settled]

    def states(self, run_id: int, contents: Collection[str] | None = None) -> dict[str, State]:
        """Where each picture stands that was ever asked, by content; of ``contents`` alone when given."""
        sql = """SELECT c.hash, s.state FROM states s JOIN contents c ON c.id = s.content_id
                 WHERE s.run_id = ?"""
        values: tuple[object, ...] = (run_id,)
        if contents is not None:
            sql += " AND " + THESE.format("?")
            values += (json.dumps(list(contents)),)
        with self._database.reading() as connection:
            cursor = connection.cursor()
            cursor.row_factory = None
            return {content: _STATES[state] for content, state in cursor.execute(sql, values)}

    def counts(self, run_id: int, contents: Collection[str] | None = None) -> RunCounts:
        """Count where pictures stand; of ``contents`` alone when they are given."""
        if contents is None:
            return self.get(run_id).counts
        wanted = frozenset(contents)
        sql = """SELECT c.hash, s.state, s.failure FROM states s JOIN contents c ON c.id = s.content_id
                 WHERE s.run_id = ?"""
        with self._database.reading() as connection:
            rows = [row for row in connection.execute(sql, (run_id,)) if row[0] in wanted]
        return _counts(Counter((row[1], row[2]) for row in rows))

    def failures(
        self,
        run_id: int,
        classes: Collection[FailureClass] | None = None,
        *,
        most: int | None = None,
        contents: Collection[str] | None = None,
        cut_short: bool = False,
    ) -> list[FailureRow]:
        """The pictures that the run gave up, ordered by path.

        Args:
            run_id: The run.
            classes: Only these; None: all.
            most: Only the first so many; None: all.
            contents: Only these; None: all.
            cut_short: Also those that were being asked again when a run was cut short.
        """
        if cut_short:
            self._sweep_run(run_id)
        named = None if classes is None else json.dumps([each.value for each in classes])
        these = None if contents is None else json.dumps(list(contents))
        values = (run_id, named, -1 if most is None else most, these, State.UNKNOWN if cut_short else None)
        with self._database.reading() as connection:
            rows = connection.execute(FAILURES, values).fetchall()
        return [FailureRow(row[0], row[1], FailureClass(row[2]), *row[3:]) for row in rows]

    def tempo(self, run_id: int) -> Tempo:
        """How fast the run went while it was going, and the latency of its latest answers."""
        with self._database.reading() as connection:
            run = connection.execute(
                "SELECT calls, active_seconds FROM runs WHERE id = ?", (run_id,)
            ).fetchone()
            rows = connection.execute(
                "SELECT latency_ms FROM answers WHERE run_id = ? AND attempt_id IS NOT NULL "
                "ORDER BY id DESC LIMIT ?",
                (run_id, _LATEST_ANSWERS),
            ).fetchall()
        latest = sorted(row[0] for row in rows)
        if run is None or not latest:
            return Tempo(0, 0.0, 0, 0)
        return Tempo(
            run[0], run[1], latest[len(latest) // 2], latest[min(len(latest) - 1, len(latest) * 95 // 100)]
        )

    def answering_rate(self, run_id: int) -> float:
        """Answers a second of labeling while answers came, of the latest 2,000; 0 when nothing is known.

        The time is that of `tempo`, which leaves out pauses, but for what brought throttles alone: that tells
        nothing of how fast answers come. Answers that are older than this measure go by `tempo`.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT labeling_seconds FROM answers WHERE run_id = ? AND attempt_id IS NOT NULL "
                "ORDER BY id DESC LIMIT ?",
                (run_id, _LATEST_ANSWERS),
            ).fetchall()
        moments: list[float] = sorted(row[0] for row in rows if row[0] is not None)
        # What came before the first of them is known only where they are all there are.
        start = 0.0 if len(moments) == len(rows) < _LATEST_ANSWERS else min(moments, default=0.0)
        seconds = sum(min(later - earlier, LONGEST_GAP) for earlier, later in pairwise([start, *moments]))
        if seconds <= 0:
            return self.tempo(run_id).per_second
        return sum(moment > start for moment in moments) / seconds

    def _read(self, where: str, values: tuple[object, ...]) -> list[Run]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM runs {where} ORDER BY id",  # noqa: S608 - our own words
                values,
            ).fetchall()
            runs = []
            for row in rows:
                tally = connection.execute(
                    "SELECT state, failure, count(*) FROM states WHERE run_id = ? GROUP BY state, failure",
                    (row["id"],),
                ).fetchall()
                counts = _counts(Counter({(one[0], one[1]): one[2] for one in tally}))
                runs.append(_run(row, counts))
        return [self._with_holder(run) for run in runs]

    def _with_holder(self, run: Run) -> Run:
        holder = self.holder(run.id)
        if holder is not None or not run.counts.asking:
            return replace(run, holder=holder)
        # Nobody holds it: what looks like a call in flight was interrupted.
        counts = replace(run.counts, asking=0, unknown=run.counts.unknown + run.counts.asking)
        return replace(run, counts=counts)

    def _begin_session(self, run_id: int) -> int:
        with self._database.writing() as connection:
            row = connection.execute(
                "INSERT INTO sessions (run_id, pid, started) VALUES (?, ?, ?) RETURNING id",
                (run_id, os.getpid(), self._now()),
            ).fetchone()
            note_pause(connection, run_id, None)  # one that was killed left it, maybe with our process id
        return int(row[0])

    def _sweep_run(self, run_id: int, *, held: bool = False) -> None:
        """Settle the open sessions of a run that belong to dead processes; ``held``: its lock is ours.

        A process that has just taken the lock cannot have begun its session while we are in a transaction, so
        an open session without a holder is a dead one.
        """
        if self._database.read_only or run_id in self._claims:
            return
        unended = "SELECT id FROM sessions WHERE run_id = ? AND ended IS NULL"
        with self._database.reading() as connection:
            found = connection.execute(unended, (run_id,)).fetchone()
        # Who only looks must not wait for another writer; under the transaction it is asked again.
        if found is None or (not held and self.holder(run_id) is not None):
            return
        with self._database.writing() as connection:
            if not held and self.holder(run_id) is not None:
                return
            for (session,) in connection.execute(unended, (run_id,)).fetchall():
                sweep_session(connection, session, self._now(), complete=False)


def _insert(connection: sqlite3.Connection, spec: RunSpec, now: float) -> int:
    row = connection.execute(
        """INSERT INTO runs (key, role, name, model, base_model, student, system, user, prompt_version,
                             max_tokens, temperature, top_p, prepare_key, started, advanced)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (
            spec.key(),
            spec.role,
            spec.name,
            spec.model,
            spec.base_model,
            spec.student,
            spec.prompt.system,
            spec.prompt.user,
            spec.prompt_version,
            spec.inference.max_tokens,
            spec.inference.temperature,
            spec.inference.top_p,
            spec.prepare_key,
            now,
            now,
        ),
    ).fetchone()
    return int(row[0])


def _run(row: sqlite3.Row, counts: RunCounts) -> Run:
    spec = RunSpec(
        role=row["role"],
        name=row["name"],
        model=row["model"],
        prompt=Prompt(row["system"], row["user"]),
        prompt_version=row["prompt_version"],
        inference=Inference(row["max_tokens"], row["temperature"], row["top_p"]),
        prepare_key=row["prepare_key"],
        base_model=row["base_model"],
        student=row["student"],
    )
    return Run(row["id"], spec, row["started"], row["advanced"], counts)


def _counts(tally: Counter[tuple[str, str | None]]) -> RunCounts:
    def of(state: State) -> int:
        return sum(count for (found, _), count in tally.items() if found == state.value)

    classes = [
        (FailureClass(f), n) for (s, f), n in tally.items() if s == State.FAILED.value and f is not None
    ]
    return RunCounts(
        done=of(State.DONE),
        failed=of(State.FAILED),
        asking=of(State.ASKING),
        unknown=of(State.UNKNOWN),
        classes=tuple(sorted(classes, key=lambda pair: (-pair[1], pair[0]))),
    )
