"""What was spent, and what a call was measured to take."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from stillroom.store.database import Database
from stillroom.store.jobs import Jobs
from stillroom.store.runs import Runs
from stillroom.store.things import JobRow
from stillroom.store.values import Measured, SpendingLine, step_of


class Spending:
    """Money and tokens, from the totals that runs and jobs keep."""

    def __init__(self, database: Database, runs: Runs, jobs: Jobs) -> None:
        self._database = database
        self._runs = runs
        self._jobs = jobs

    def lines(self) -> list[SpendingLine]:
        """One line for each labeling run with calls and each customization job, answered for or not.

        Storage is the caller's to add: it goes on while nobody writes.
        """
        if not self._database.read_only:
            self._runs.sweep()
        with self._database.reading() as connection:
            asked = [row[0] for row in connection.execute("SELECT id FROM runs WHERE attempts > 0")]
            held = {run for run in asked if self._runs.holder(run) is not None}
            runs = connection.execute("SELECT * FROM runs WHERE attempts > 0 ORDER BY id").fetchall()
            lost = connection.execute("SELECT run_id, usd FROM attempts WHERE ended IS NULL").fetchall()
        lines = [
            _labeling(run, [row[1] for row in lost if row[0] == run["id"] and run["id"] not in held])
            for run in runs
        ]
        return lines + [_training(job) for job in self._jobs.all()]

    def measured(self, model: str, prepare_key: str, prompt_version: str | None = None) -> Measured | None:
        """Mean tokens and latency of all answered calls of a model over pictures prepared alike.

        Args:
            model: The id that was sent, or a base model.
            prepare_key: Hash of what decides the bytes that are sent.
            prompt_version: Only calls with this prompt; None: with any.

        Returns:
            None when nothing was answered yet.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT sum(calls), sum(input_tokens), sum(output_tokens), sum(estimated_tokens), "
                "sum(latency_ms) FROM runs WHERE ?1 IN (model, base_model) AND prepare_key = ?2 "
                "AND (?3 IS NULL OR prompt_version = ?3)",
                (model, prepare_key, prompt_version),
            ).fetchone()
        calls = row[0] or 0
        if calls == 0:
            return None
        return Measured(calls, row[1] / calls, row[2] / calls, row[3] / calls, row[4] / calls / 1000)


def _labeling(run: sqlite3.Row, lost: list[str | None]) -> SpendingLine:
    """``lost``: highest prices of attempts that a dead process left open."""
    return SpendingLine(
        step=step_of(run["role"], run["name"]),
        model=run["model"],
        calls=run["calls"],
        attempts=run["attempts"],
        input_tokens=run["input_tokens"],
        output_tokens=run["output_tokens"],
        usd=Decimal(run["usd"]),
        unknown=run["unknown"] + len(lost),
        usd_unknown=Decimal(run["usd_unknown"]) + sum(Decimal(usd) for usd in lost if usd is not None),
        unpriced=run["unpriced"] + lost.count(None),
        run=run["id"],
    )


def _training(job: JobRow) -> SpendingLine:
    """A job that nobody answered for, or that was cut short, may be billed: only its bound is known."""
    unheard, most = job.arn is None, job.most
    unsure = unheard or job.cut_short
    cost = None if unsure else job.cost
    return SpendingLine(
        step=f"train {job.student}",
        model=job.base_model,
        calls=0,
        attempts=0,
        input_tokens=0 if unsure or job.untrained else job.tokens or 0,
        output_tokens=0,
        usd=cost or Decimal(0),
        unknown=int(unsure),
        usd_unknown=(most if unsure else None) or Decimal(0),
        unpriced=int(most is None),
        job=job.name,
        cut_short=job.status if job.cut_short else "",
        usd_high=None if unsure else most,
    )
