"""Customization jobs and their losses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Literal, Unpack

from stillroom.errors import StoreError
from stillroom.store.database import Database, storable
from stillroom.store.things import JobChanges, JobRow
from stillroom.training.jobs import FINISHED, Stage, StageFact
from stillroom.training.metrics import LossPoint

_COLUMNS = tuple(field.name for field in fields(JobRow))
_MONEY = ("usd", "usd_high")

Kind = Literal["training", "validation"]


class Jobs:
    """Every customization job that this project wanted, created or not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new(self, job: JobRow) -> None:
        """Write a job down, before it is created.

        Raises:
            StoreError: There is a job of this name.
        """
        with self._database.writing() as connection:
            if _find(connection, job.name) is not None:
                raise StoreError(f"There is a job {job.name} already.", "Choose another name.")
            _write(connection, job)

    def update(self, name: str, **changes: Unpack[JobChanges]) -> JobRow:
        """Store what has changed about a job.

        Returns:
            The job as it is now.

        Raises:
            StoreError: There is no such job.
        """
        with self._database.writing() as connection:
            job = _find(connection, name)
            if job is None:
                raise StoreError(f"There is no job {name}.")
            job = replace(job, **changes)
            _write(connection, job)
        return job

    def look(
        self, name: str, turned: Callable[[], object] | None = None, **changes: Unpack[JobChanges]
    ) -> JobRow:
        """Store what a look at a job has told; one from before its end that comes late tells nothing.

        Args:
            name: Of the job.
            turned: Called in the same transaction where the status is another one than before: of all who
                look at a job, one finds it so.
            changes: What it has told.

        Returns:
            The job as it is now.

        Raises:
            StoreError: There is no such job.
        """
        with self._database.writing() as connection:
            job = _find(connection, name)
            if (
                job is not None
                and job.status in FINISHED
                and changes.get("status", job.status) not in FINISHED
            ):
                return job
            before, job = job, self.update(name, **changes)
            if turned is not None and before is not None and before.status != job.status:
                turned()
            return job

    def drop(self, name: str) -> None:
        """Forget a job that was written down and then refused: it never came to be.

        A job that was created stays, whatever became of it.
        """
        with self._database.writing() as connection:
            connection.execute("DELETE FROM jobs WHERE name = ? AND arn IS NULL", (name,))

    def get(self, name: str) -> JobRow | None:
        """The job of this name, or None."""
        with self._database.reading() as connection:
            return _find(connection, name)

    def all(self) -> list[JobRow]:
        """Every job, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM jobs ORDER BY created, name").fetchall()
        return [_job(row) for row in rows]

    def save_losses(self, name: str, kind: Kind, points: Sequence[LossPoint]) -> None:
        """Store a metrics file's points in place of earlier ones.

        Raises:
            StoreError: There is no such job.
        """
        with self._database.writing() as connection:
            if _find(connection, name) is None:
                raise StoreError(f"There is no job {name}.")
            connection.execute("DELETE FROM losses WHERE job = ? AND kind = ?", (name, kind))
            connection.executemany(
                "INSERT INTO losses VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(name, kind, i, p.step, p.epoch, p.loss, p.perplexity) for i, p in enumerate(points)],
            )

    def losses(self, name: str, kind: Kind = "training") -> list[LossPoint]:
        """The points in the order of the metrics file; empty when there are none."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT step, epoch, loss, perplexity FROM losses WHERE job = ? AND kind = ? ORDER BY place",
                (name, kind),
            ).fetchall()
        return [LossPoint(*row) for row in rows]


def _find(connection: sqlite3.Connection, name: str) -> JobRow | None:
    row = connection.execute("SELECT * FROM jobs WHERE name = ?", (name,)).fetchone()
    return None if row is None else _job(row)


def _write(connection: sqlite3.Connection, job: JobRow) -> None:
    values = {name: getattr(job, name) for name in _COLUMNS}
    values["hyperparameters"] = json.dumps(dict(job.hyperparameters))
    values["stages"] = json.dumps([[str(one.stage), one.state, one.began, one.changed] for one in job.stages])
    for name in _MONEY:
        values[name] = None if values[name] is None else str(values[name])
    values["failure"] = storable(job.failure)
    marks = ", ".join(f":{name}" for name in _COLUMNS)
    # REPLACE would delete the row first, and with it what refers to it.
    sets = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    connection.execute(
        f"INSERT INTO jobs ({', '.join(_COLUMNS)}) VALUES ({marks}) "  # noqa: S608 - our own column names
        f"ON CONFLICT (name) DO UPDATE SET {sets}",
        values,
    )


def _job(row: sqlite3.Row) -> JobRow:
    values = {name: row[name] for name in _COLUMNS}
    values["hyperparameters"] = json.loads(row["hyperparameters"])
    values["stages"] = tuple(StageFact(Stage(one[0]), *one[1:]) for one in json.loads(row["stages"]))
    for name in _MONEY:
        values[name] = None if row[name] is None else Decimal(row[name])
    return JobRow(**values)
