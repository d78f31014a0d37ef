"""Students (custom models) and their deployments."""

from __future__ import annotations

from dataclasses import replace
from typing import Unpack

from stillroom.errors import StoreError
from stillroom.store.database import Database
from stillroom.store.things import DeploymentChanges, DeploymentRow, StudentRow

_STUDENT = "name, arn, base_model, job, size, created, deleted"
_DEPLOYMENT = "name, student, token, created, arn, status, deleted, by_run"


class Students:
    """Every student of this project and every deployment of one, gone ones too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, student: StudentRow) -> bool:
        """Store what a job has left, once for all: a look that comes late brings no deleted student back.

        Returns:
            False: there is or was one of this job or name already, and it stays as it is.
        """
        with self._database.writing() as connection:
            known = connection.execute(
                "SELECT 1 FROM students WHERE name = ? OR job = ?", (student.name, student.job)
            ).fetchone()
            if known is None:
                connection.execute(
                    f"INSERT INTO students ({_STUDENT}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                    (
                        student.name,
                        student.arn,
                        student.base_model,
                        student.job,
                        student.size,
                        student.created,
                        student.deleted,
                    ),
                )
        return known is None

    def all(self, *, deleted: bool = False) -> list[StudentRow]:
        """Students by size, then age; deleted ones too when asked."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_STUDENT} FROM students ORDER BY size, created, name"  # noqa: S608
            ).fetchall()
        found = [StudentRow(*row) for row in rows]
        return [one for one in found if deleted or one.deleted is None]

    def get(self, name: str) -> StudentRow | None:
        """The student of this name, deleted or not, or None."""
        return next((one for one in self.all(deleted=True) if one.name == name), None)

    def mark_deleted(self, name: str, at: float) -> None:
        """Note that a student was deleted in AWS.

        Raises:
            StoreError: There is no such student.
        """
        with self._database.writing() as connection:
            done = connection.execute("UPDATE students SET deleted = ? WHERE name = ?", (at, name))
            if done.rowcount == 0:
                raise StoreError(f"There is no student {name}.")

    def new_deployment(self, deployment: DeploymentRow) -> None:
        """Write a deployment down, before it is created; in place of one of the same name."""
        with self._database.writing() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO deployments ({_DEPLOYMENT}) "  # noqa: S608
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    deployment.name,
                    deployment.student,
                    deployment.token,
                    deployment.created,
                    deployment.arn,
                    deployment.status,
                    deployment.deleted,
                    deployment.by_run,
                ),
            )

    def drop_deployment(self, name: str) -> None:
        """Forget a deployment that was written down and then refused: it never came to be."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM deployments WHERE name = ? AND arn IS NULL", (name,))

    def end_deployment(self, name: str, at: float) -> None:
        """Note that a deployment is no longer there; one that was forgotten meanwhile stays so.

        Args:
            name: Of the deployment.
            at: Unix time.
        """
        with self._database.writing() as connection:
            connection.execute("UPDATE deployments SET deleted = ? WHERE name = ?", (at, name))

    def update_deployment(self, name: str, **changes: Unpack[DeploymentChanges]) -> DeploymentRow:
        """Store what has changed about a deployment.

        Returns:
            The deployment as it is now.

        Raises:
            StoreError: There is no such deployment.
        """
        with self._database.writing():
            found = next((one for one in self.deployments(deleted=True) if one.name == name), None)
            if found is None:
                raise StoreError(f"There is no deployment {name}.")
            found = replace(found, **changes)
            self.new_deployment(found)
        return found

    def deployments(self, student: str | None = None, *, deleted: bool = False) -> list[DeploymentRow]:
        """Deployments by age, of one student when it is named; removed ones too when asked."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_DEPLOYMENT} FROM deployments ORDER BY created, name"  # noqa: S608
            ).fetchall()
        found = [DeploymentRow(**{**dict(row), "by_run": bool(row["by_run"])}) for row in rows]
        return [
            one
            for one in found
            if (student is None or one.student == student) and (deleted or one.deleted is None)
        ]
