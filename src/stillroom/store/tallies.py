"""Counts of pictures by side, state and size, made by SQLite: a million pictures take about a second."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stillroom.pictures import Side
from stillroom.store.database import Database
from stillroom.store.pictures import UNFIT
from stillroom.store.values import RunSpec, State

_CHOSEN = "c.copies > 0 AND NOT c.excluded AND c.side IN ({sides})"
_OTHERS = "(c.copies <= 0 OR c.excluded OR c.side IS NULL OR c.side NOT IN ({sides}))"

_GROUPS = """
SELECT coalesce(side, ''), excluded, copies, count(*), sum(id) FROM contents
GROUP BY side, excluded, copies
"""
_STATES = "SELECT state, count(*) FROM states WHERE run_id = :run GROUP BY state"
_STATES_OF = """
SELECT s.state, count(*) FROM contents c CROSS JOIN states s ON s.run_id = :run AND s.content_id = c.id
WHERE {where} GROUP BY s.state
"""
_TAKEN_IN = """
SELECT coalesce(s.state, ''), count(*) FROM states i
LEFT JOIN states s ON s.run_id = :run AND s.content_id = i.content_id
WHERE i.run_id = :also AND i.state = 'done' GROUP BY s.state
"""
_TAKEN_IN_OF = """
SELECT coalesce(s.state, ''), count(*) FROM contents c
CROSS JOIN states i ON i.run_id = :also AND i.content_id = c.id AND i.state = 'done'
LEFT JOIN states s ON s.run_id = :run AND s.content_id = c.id
WHERE {where} GROUP BY s.state
"""
_SIZES = """
SELECT c.width, c.height, count(*) FROM contents c WHERE {where}
AND NOT EXISTS (SELECT 1 FROM states s
                WHERE s.run_id = :run AND s.content_id = c.id AND s.state IN ('done', 'failed'))
AND NOT EXISTS (SELECT 1 FROM states i
                WHERE i.run_id = :also AND i.content_id = c.id AND i.state = 'done')
AND NOT EXISTS (SELECT 1 FROM prepared p WHERE p.content_id = c.id AND {unfit})
GROUP BY c.width, c.height
"""
_UNFIT = """
SELECT count(*) FROM prepared p JOIN contents c ON c.id = p.content_id WHERE {unfit} AND {where}
AND NOT EXISTS (SELECT 1 FROM states s
                WHERE s.run_id = :run AND s.content_id = c.id AND s.state IN ('done', 'failed'))
AND NOT EXISTS (SELECT 1 FROM states i
                WHERE i.run_id = :also AND i.content_id = c.id AND i.state = 'done')
"""
_UNSENT = """
SELECT coalesce(s.state, ''), count(*) FROM unsent u JOIN contents c ON c.id = u.content_id
LEFT JOIN states s ON s.run_id = :run AND s.content_id = c.id
WHERE {where} AND s.state IS NOT 'done'
AND NOT EXISTS (SELECT 1 FROM states i
                WHERE i.run_id = :also AND i.content_id = c.id AND i.state = 'done')
AND NOT EXISTS (SELECT 1 FROM prepared p WHERE p.content_id = c.id AND {unfit})
GROUP BY s.state
"""
_OTHERWISE = """
SELECT name, max(answers) FROM (
    SELECT r.name, (SELECT count(*) FROM states s WHERE s.run_id = r.id AND s.state = 'done') AS answers
    FROM runs r WHERE r.role IN ('untuned', 'student') AND r.key NOT IN (SELECT value FROM json_each(?))
) WHERE answers GROUP BY name
"""
_NAMESAKES = """
SELECT (SELECT count(*) FROM states s WHERE s.run_id = r.id AND s.state = 'done') AS answers,
       r.student IS NULL AND r.model != :model,
       (r.prompt_version, r.system, r.user) != (:version, :system, :user),
       (r.max_tokens, r.temperature, r.top_p) != (:max_tokens, :temperature, :top_p),
       r.prepare_key != :prepare, r.id
FROM runs r WHERE r.role = :role AND r.name = :name AND r.key != :key
AND (NOT :open OR r.id IN (SELECT run_id FROM sessions WHERE ended IS NULL))
ORDER BY answers DESC, r.id DESC
"""
_OWN = "SELECT count(*) FROM runs r JOIN states s ON s.run_id = r.id AND s.state = 'done' WHERE r.key = ?"


@dataclass(frozen=True, slots=True)
class Namesake:
    """A run of the same name with other settings, and which of them are other than the present ones."""

    answers: int
    """Usable ones that it has."""
    model: bool
    prompt: bool
    parameters: bool
    preparation: bool
    run: int
    """Its id."""


@dataclass(frozen=True, slots=True)
class Groups:
    """All pictures that were ever seen, by what decides whether they count."""

    rows: tuple[tuple[str, int, int, int, int], ...]
    """Side (empty: none), excluded, files of each, how many, the sum of their ids."""

    @property
    def total(self) -> int:
        """Pictures of all groups."""
        return sum(row[3] for row in self.rows)

    def chosen(self, sides: Collection[Side]) -> int:
        """Pictures of some sides that count: there is a file, and they are not excluded."""
        names = {side.value for side in sides}
        return sum(row[3] for row in self.rows if row[0] in names and not row[1] and row[2] > 0)

    def excluded(self, side: Side) -> int:
        """Pictures of a side that would count, were they not excluded."""
        return sum(row[3] for row in self.rows if row[0] == side.value and row[1] and row[2] > 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """Where the pictures of some sides stand in one run: those that have a file and are not excluded."""

    pictures: int
    answered: int
    """Those with a usable answer, or a label from elsewhere."""
    imported: int
    """Of ``answered``, those that have only a label from elsewhere."""
    failed: int
    """Those without one that were given up."""
    asking: int
    """Those whose call was begun and has not ended."""
    unknown: int
    """Those whose call was interrupted."""
    unfit: int
    """Those without an answer that no model takes as they are prepared: nobody is asked about them."""
    unsent: int
    """Of ``left``, those that could not be sent, because of their files."""
    failed_unsent: int
    """The same of ``failed``: they were sent before."""

    @property
    def left(self) -> int:
        """Pictures that the next run asks about."""
        # Pictures may have been taken back in, or out, since they were counted.
        return max(0, self.pictures - self.answered - self.failed - self.unfit)


class Tallies:
    """Counts over the whole project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def groups(self) -> Groups:
        """Count all pictures that were ever seen."""
        with self._database.reading() as connection:
            rows = connection.execute(_GROUPS).fetchall()
        return Groups(tuple((row[0], row[1], row[2], row[3], row[4]) for row in rows))

    def made(self, bucket: str, key: str) -> tuple[int, int]:
        """Objects that were seen in a bucket, and pictures that were prepared with some settings."""
        with self._database.reading() as connection:
            seen = connection.execute("SELECT count(*) FROM uploads WHERE bucket = ?", (bucket,)).fetchone()
            made = connection.execute("SELECT count(*) FROM prepared WHERE key = ?", (key,)).fetchone()
        return int(seen[0]), int(made[0])

    def pulse(self, run: int) -> tuple[float, ...]:
        """Numbers of a run, one of which changes with every outcome and every end of a session."""
        sql = """SELECT id, advanced, attempts, calls,
                        (SELECT count(*) FROM sessions s WHERE s.run_id = r.id AND s.ended IS NOT NULL)
                 FROM runs r WHERE id = ?"""
        with self._database.reading() as connection:
            return tuple(connection.execute(sql, (run,)).fetchone())

    def answered_otherwise(self, specs: Iterable[RunSpec]) -> dict[str, int]:
        """Usable answers in runs of the untuned model and of students that are none of these, by name.

        Of several runs with one name the fullest counts.
        """
        keys = json.dumps([spec.key() for spec in specs])
        with self._database.reading() as connection:
            rows = connection.execute(_OTHERWISE, (keys,))
            return {row[0]: row[1] for row in rows}

    def namesakes(self, spec: RunSpec, *, open_only: bool = False) -> list[Namesake]:
        """The runs of the same name that have other settings, the fullest first.

        Args:
            spec: The run with the present settings.
            open_only: Only those that somebody holds, or died with; no answers of others are counted.
        """
        values = {
            "key": spec.key(),
            "role": spec.role,
            "name": spec.name,
            "model": spec.model,
            "version": spec.prompt_version,
            "system": spec.prompt.system,
            "user": spec.prompt.user,
            "max_tokens": spec.inference.max_tokens,
            "temperature": spec.inference.temperature,
            "top_p": spec.inference.top_p,
            "prepare": spec.prepare_key,
            "open": open_only,
        }
        with self._database.reading() as connection:
            rows = connection.execute(_NAMESAKES, values).fetchall()
        return [
            Namesake(row[0], bool(row[1]), bool(row[2]), bool(row[3]), bool(row[4]), run=row[5])
            for row in rows
        ]

    def kept_otherwise(self, spec: RunSpec) -> Namesake | None:
        """The fullest run of the same name that has other settings; None: none has more answers than it."""
        fullest = next(iter(self.namesakes(spec)), None)
        if fullest is None:
            return None
        with self._database.reading() as connection:
            own = connection.execute(_OWN, (spec.key(),)).fetchone()[0]
        return fullest if fullest.answers > own else None

    def tally(
        self, groups: Groups, run: int | None, sides: Collection[Side], key: str, *, also: int | None = None
    ) -> Tally:
        """Count a run.

        Args:
            groups: Of this moment.
            run: Id of the run; None: it has not begun.
            sides: Sides that it is about.
            key: Hash of what decides the bytes that are sent.
            also: Id of a run with labels from elsewhere; a picture that it has one for counts as answered.
        """
        states = self._counted(groups, sides, (_STATES, _STATES_OF), {"run": run})
        taken: Counter[str] = Counter()
        if also is not None:
            taken = self._counted(groups, sides, (_TAKEN_IN, _TAKEN_IN_OF), {"run": run, "also": also})
        imported = taken.total() - taken[State.DONE]
        unsent = self._unsent(sides, {"run": run, "also": also, "key": key})
        return Tally(
            pictures=groups.chosen(sides),
            answered=states[State.DONE] + imported,
            imported=imported,
            failed=states[State.FAILED] - taken[State.FAILED],
            asking=states[State.ASKING],
            unknown=states[State.UNKNOWN],
            unfit=self._unfit(sides, {"run": run, "also": also, "key": key}),
            unsent=unsent.total() - unsent[State.FAILED],
            failed_unsent=unsent[State.FAILED],
        )

    def _unsent(self, sides: Collection[Side], values: dict[str, int | str | None]) -> Counter[str]:
        with self._database.reading() as connection:
            return _pairs(connection.execute(_named(_UNSENT, _CHOSEN, sides), values))

    def _unfit(self, sides: Collection[Side], values: dict[str, int | str | None]) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(_named(_UNFIT, _CHOSEN, sides), values).fetchone()[0])

    def _counted(
        self, groups: Groups, sides: Collection[Side], sql: tuple[str, str], values: dict[str, int | None]
    ) -> Counter[str]:
        """Count pictures of some sides, or all and those of no such side, whichever are fewer to look up."""
        every, some = sql
        chosen, others = groups.chosen(sides), groups.total - groups.chosen(sides)
        with self._database.reading() as connection:
            if chosen <= others:
                return _pairs(connection.execute(_named(some, _CHOSEN, sides), values))
            found = _pairs(connection.execute(every, values))
            if others:
                found.subtract(_pairs(connection.execute(_named(some, _OTHERS, sides), values)))
            return found

    def sizes_left(
        self, run: int | None, sides: Collection[Side], key: str, *, also: int | None = None
    ) -> list[tuple[int, int, int]]:
        """Width, height and number of the pictures that the next run asks about."""
        with self._database.reading() as connection:
            values = {"run": run, "also": also, "key": key}
            rows = connection.execute(_named(_SIZES, _CHOSEN, sides), values)
            return [(row[0], row[1], row[2]) for row in rows]


def _named(sql: str, where: str, sides: Collection[Side]) -> str:
    named = ", ".join(f"'{side.value}'" for side in sides)
    return sql.format(where=where.format(sides=named), unfit=UNFIT)


def _pairs(rows: Iterable[Sequence[Any]]) -> Counter[str]:
    return Counter({row[0]: row[1] for row in rows})
