"""The project's diary: events that must not be missed, Plans that were agreed to. Only ever added to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from stillroom.store.database import Database, storable
from stillroom.store.things import Event, PlanRow


class Diary:
    """Events and Plans."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    def add_event(self, kind: str, text: str, facts: Mapping[str, object] | None = None) -> int:
        """Write an event down.

        Args:
            kind: A word such as ``job_completed``.
            text: One line for people.
            facts: What else belongs to it; must be JSON.

        Returns:
            Its id; later events have greater ones.
        """
        with self._database.writing() as connection:
            row = connection.execute(
                "INSERT INTO events (kind, text, facts, at) VALUES (?, ?, ?, ?) RETURNING id",
                (kind, storable(text), json.dumps(dict(facts or {})), self._now()),
            ).fetchone()
        return int(row[0])

    def events(self, *, after: int = 0, kind: str | None = None, limit: int = 1000) -> list[Event]:
        """Events with an id above ``after``, oldest first; the newest ``limit`` of them."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, kind, text, at, facts FROM events "
                "WHERE id > ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY id DESC LIMIT ?3",
                (after, kind, limit),
            ).fetchall()
        return [Event(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in reversed(rows)]

    def add_plan(self, verb: str, text: str, facts: Mapping[str, object] | None = None) -> int:
        """Write a Plan down that was agreed to, before it is executed.

        Returns:
            Its id.
        """
        with self._database.writing() as connection:
            row = connection.execute(
                "INSERT INTO plans (verb, text, facts, at) VALUES (?, ?, ?, ?) RETURNING id",
                (verb, storable(text), json.dumps(dict(facts or {})), self._now()),
            ).fetchone()
        return int(row[0])

    def plans(self, *, verb: str | None = None, limit: int = 1000) -> list[PlanRow]:
        """Plans, oldest first; of one verb when it is named; the newest ``limit`` of them."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, verb, text, facts, at FROM plans "
                "WHERE ?1 IS NULL OR verb = ?1 ORDER BY id DESC LIMIT ?2",
                (verb, limit),
            ).fetchall()
        return [PlanRow(row[0], row[1], row[2], json.loads(row[3]), row[4]) for row in reversed(rows)]
