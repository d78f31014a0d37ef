"""Files and contents: what scans saw, where each content belongs, what was prepared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from stillroom.pictures import PASSING, Flag, Inspection, Member, PreparedFile, Side
from stillroom.store.database import Database, storable
from stillroom.store.file_ids import highest, keep_highest
from stillroom.store.filters import fold
from stillroom.store.sightings import ContentRow, FlaggedRow, KnownFile, ScanSummary

_SIGN = 1 << 63
_MASK = (1 << 64) - 1

_ADD_CONTENT = """
INSERT INTO contents (hash, size, format, width, height, dhash) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (hash) DO """
# A usable inspection knows more than a flagged one of the same bytes (a wrong extension, say).
_KEEP, _REPLACE = (
    "NOTHING",
    """UPDATE SET format = excluded.format, width = excluded.width, height = excluded.height,
       dhash = excluded.dhash""",
)

_REMEMBER = """
INSERT INTO past_files (content_id, path, until)
SELECT content_id, path, ? FROM files
WHERE path = ? AND content_id IS NOT NULL
  AND content_id IS NOT (SELECT id FROM contents WHERE hash = ?)
"""

_SAVE_FILE = """
INSERT INTO files (
    id, path, folded, name, size, mtime_ns, content_id, format, width, height, flag, reason
) VALUES (?, ?, ?, ?, ?, ?, (SELECT id FROM contents WHERE hash = ?), ?, ?, ?, ?, ?)
ON CONFLICT (path) DO UPDATE SET
    size = excluded.size, mtime_ns = excluded.mtime_ns, content_id = excluded.content_id,
    format = excluded.format, width = excluded.width, height = excluded.height,
    flag = excluded.flag, reason = excluded.reason
"""

_CONTENTS = """
SELECT c.id, c.hash, (SELECT min(f.path) FROM files f WHERE f.content_id = c.id AND f.flag IS NULL),
       c.copies, c.size, c.format, c.width, c.height, c.dhash, c.side, c.place, c.excluded
FROM contents c WHERE c.copies > 0{which}
"""
_IN_TURN = """
SELECT c.hash FROM files f JOIN contents c ON c.id = f.content_id
WHERE f.flag IS NULL AND NOT c.excluded
  AND f.path = (SELECT min(o.path) FROM files o WHERE o.content_id = c.id AND o.flag IS NULL)
  AND f.path {}
"""
"""The contents that are not left out, by the file that stands for each."""
_TURNS = """
SELECT count(*) FROM contents c
JOIN (SELECT content_id, min(path) AS path FROM files WHERE flag IS NULL GROUP BY content_id) f
ON f.content_id = c.id WHERE NOT c.excluded AND f.path < ?
"""
_PREPARED = """
SELECT c.hash, p.path, p.sha256, p.format, p.width, p.height, p.size, p.flag, p.reason, p.remark
FROM prepared p JOIN contents c ON c.id = p.content_id WHERE p.key = ?
"""
_SIDES = {side.value: side for side in Side}

UNFIT = "p.key = :key AND p.flag IS NOT NULL AND p.flag NOT IN ({})".format(
    ", ".join(f"'{flag.value}'" for flag in sorted(PASSING))
)
"""Condition on a prepared file: no model takes the picture."""


class Pictures:
    """What is known about the project's pictures."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    def known_files(self) -> dict[str, KnownFile]:
        """What the last scan saw of every file, by path."""
        sql = """SELECT f.path, f.size, f.mtime_ns, c.hash, f.flag
                 FROM files f LEFT JOIN contents c ON c.id = f.content_id"""
        with self._database.reading() as connection:
            cursor = connection.cursor()
            cursor.row_factory = None
            make = KnownFile._make
            return {row[0]: make(row[1:]) for row in cursor.execute(sql)}

    def marks(self) -> dict[str, tuple[int, int]]:
        """Size in bytes and mtime_ns of every file as the last scan saw it, by path; all a new scan needs."""
        with self._database.reading() as connection:
            cursor = connection.cursor()
            cursor.row_factory = None
            return {row[0]: row[1:] for row in cursor.execute("SELECT path, size, mtime_ns FROM files")}

    def save_inspections(self, inspections: Iterable[Inspection]) -> None:
        """Store what reading some files told, in one transaction.

        A path that has other bytes than before is remembered for its old content, whose side and answers
        stay what they are.
        """
        seen = list(inspections)
        now = self._now()
        read = [(_content_values(one), one.flag is None) for one in seen if one.content is not None]
        with self._database.writing() as connection:
            connection.executemany(_ADD_CONTENT + _REPLACE, [values for values, usable in read if usable])
            connection.executemany(_ADD_CONTENT + _KEEP, [values for values, usable in read if not usable])
            connection.executemany(_REMEMBER, [(now, one.path, one.content) for one in seen])
            # A path that is known keeps its id; the one that it does not need is passed over.
            numbered = enumerate(seen, highest(connection) + 1)
            connection.executemany(_SAVE_FILE, [(id, *_file_values(one)) for id, one in numbered])

    def forget_files(self, paths: Iterable[str]) -> None:
        """Note that files are gone. Their contents keep their sides and answers, without being present."""
        gone = [(path,) for path in paths]
        now = self._now()
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT INTO past_files SELECT content_id, path, ? FROM files "
                "WHERE path = ? AND content_id IS NOT NULL",
                [(now, path) for (path,) in gone],
            )
            keep_highest(connection)
            connection.executemany("DELETE FROM files WHERE path = ?", gone)

    def contents(
        self, sides: Collection[Side] | None = None, *, only: Collection[str] | None = None
    ) -> list[ContentRow]:
        """Every usable content that is present, ordered by path; excluded ones too.

        Args:
            sides: Only contents of these sides; None: all.
            only: Only contents with these hashes; None: all.
        """
        which, values = "", []
        if sides is not None:
            which += f" AND c.side IN ({', '.join('?' * len(sides))})"
            values += [side.value for side in sides]
        if only is not None:
            which += " AND c.hash IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(only)))
        with self._database.reading() as connection:
            cursor = connection.cursor()
            cursor.row_factory = None
            rows = cursor.execute(_CONTENTS.format(which=which), values).fetchall()
        found = [
            ContentRow(
                id=row[0],
                content=row[1],
                path=row[2],
                copies=row[3],
                size=row[4],
                format=row[5],
                width=row[6],
                height=row[7],
                dhash=None if row[8] is None else row[8] & _MASK,
                side=None if row[9] is None else _SIDES[row[9]],
                order=row[10],
                excluded=bool(row[11]),
            )
            for row in rows
        ]
        found.sort(key=lambda row: row.path)
        return found

    def in_turn(self, place: int, known: tuple[int, str] = (0, "")) -> ContentRow | None:
        """The content at a place among those that are not left out, ordered by path; None: beyond the ends.

        Args:
            place: Counted from 0.
            known: A place and the path of its picture; it is stepped from there, 50 µs a step.
        """
        steps = place - known[0]
        which = ">= ? ORDER BY f.path" if steps >= 0 else "< ? ORDER BY f.path DESC"
        sql = f"{_IN_TURN.format(which)} LIMIT 1 OFFSET ?"
        with self._database.reading() as connection:
            values = (storable(known[1]), steps if steps >= 0 else -steps - 1)
            found = connection.execute(sql, values).fetchone()
        return next(iter(self.contents(only=(found[0],))), None) if found else None

    def turn_of(self, path: str) -> int | None:
        """The place of a path, as :meth:`in_turn` counts; None: it stands for no content that is asked."""
        named = (storable(path),)
        with self._database.reading() as connection:
            if not connection.execute(_IN_TURN.format("= ?"), named).fetchone():
                return None
            return int(connection.execute(_TURNS, named).fetchone()[0])

    def turns(self) -> int:
        """How many contents there are for :meth:`in_turn`."""
        with self._database.reading() as connection:
            sql = "SELECT count(*) FROM contents WHERE copies > 0 AND NOT excluded"
            return int(connection.execute(sql).fetchone()[0])

    def absent(self) -> list[Member]:
        """Contents that have a side and no file any more: removed, or replaced by other bytes."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT hash, dhash, side FROM contents WHERE copies <= 0 AND side IS NOT NULL ORDER BY id"
            ).fetchall()
        return [Member(row[0], None if row[1] is None else row[1] & _MASK, _SIDES[row[2]]) for row in rows]

    def flagged(self) -> list[FlaggedRow]:
        """Every file that is present and never sent, ordered by path."""
        sql = """SELECT f.path, f.flag, f.reason, f.size, c.hash
                 FROM files f LEFT JOIN contents c ON c.id = f.content_id
                 WHERE f.flag IS NOT NULL ORDER BY f.path"""
        with self._database.reading() as connection:
            rows = connection.execute(sql).fetchall()
        return [FlaggedRow(row[0], Flag(row[1]), *row[2:]) for row in rows]

    def unsplit(self) -> list[str]:
        """Contents that are present and have no side yet."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT hash FROM contents WHERE copies > 0 AND side IS NULL")
            return [row[0] for row in rows]

    def save_sides(self, sides: Mapping[str, Side]) -> None:
        """Store where newcomers belong. A side that is stored already stays: nobody ever moves."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE contents SET side = ? WHERE hash = ? AND side IS NULL",
                [(side.value, content) for content, side in sides.items()],
            )

    def forget_sides(self, contents: Iterable[str]) -> None:
        """Make newcomers again of contents that had got a side for a plan only."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE contents SET side = NULL, place = NULL WHERE hash = ?",
                [(content,) for content in contents],
            )

    def save_order(self, contents: Sequence[str]) -> None:
        """Store the training order; contents that are not listed have no place in it."""
        with self._database.writing() as connection:
            connection.execute(
                "CREATE TEMP TABLE IF NOT EXISTS places (hash TEXT PRIMARY KEY, place INTEGER)"
            )
            connection.execute("DELETE FROM temp.places")
            connection.executemany(
                "INSERT INTO temp.places VALUES (?, ?)",
                [(content, place) for place, content in enumerate(contents)],
            )
            connection.execute(
                "UPDATE contents "
                "SET place = (SELECT p.place FROM temp.places p WHERE p.hash = contents.hash) "
                "WHERE place IS NOT (SELECT p.place FROM temp.places p WHERE p.hash = contents.hash)"
            )
            connection.execute("DELETE FROM temp.places")

    def set_excluded(self, contents: Iterable[str], excluded: bool) -> int:
        """Leave contents out of everything from now on, or take them in again.

        Returns:
            How many changed.
        """
        with self._database.writing() as connection:
            before = connection.total_changes
            connection.executemany(
                "UPDATE contents SET excluded = ?1 WHERE hash = ?2 AND excluded <> ?1",
                [(int(excluded), content) for content in contents],
            )
            return connection.total_changes - before

    def prepared(self, key: str) -> dict[str, PreparedFile]:
        """What was prepared with these settings, by content.

        Args:
            key: Hash of what decides the bytes that are sent.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_PREPARED, (key,)).fetchall()
        return {row[0]: _prepared(row) for row in rows}

    def unfit(self, key: str) -> frozenset[str]:
        """The contents that no model takes as they are prepared with these settings.

        Args:
            key: Hash of what decides the bytes that are sent.
        """
        sql = f"SELECT c.hash FROM prepared p JOIN contents c ON c.id = p.content_id WHERE {UNFIT}"  # noqa: S608
        with self._database.reading() as connection:
            return frozenset(row[0] for row in connection.execute(sql, {"key": key}))

    def prepared_as(self, key: str, hashes: Collection[str]) -> dict[str, PreparedFile]:
        """The prepared files that have one of these hashes, by hash; those that can be sent alone.

        Args:
            key: Hash of what decides the bytes that are sent.
            hashes: SHA-256 of prepared files.
        """
        sql = f"{_PREPARED} AND p.sha256 IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own words
        with self._database.reading() as connection:
            rows = connection.execute(sql, (key, json.dumps(sorted(hashes)))).fetchall()
        return {row[2]: _prepared(row) for row in rows if not row[7]}

    def save_prepared(self, key: str, prepared: Iterable[PreparedFile]) -> None:
        """Store what was prepared, in place of earlier results of the same contents and settings."""
        rows = [
            (
                key,
                p.path,
                p.sha256,
                p.format,
                p.width,
                p.height,
                p.size,
                p.flag,
                p.reason,
                p.remark,
                p.content,
            )
            for p in prepared
        ]
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO prepared (key, content_id, path, sha256, format, width, height, "
                "size, flag, reason, remark) SELECT ?1, id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 "
                "FROM contents WHERE hash = ?11",
                rows,
            )

    def save_near_duplicates(self, count: int) -> None:
        """Store how many near-duplicates the last scan found, for :meth:`summary`."""
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO facts VALUES ('near_duplicates', ?)", (str(count),))

    def summary(self) -> ScanSummary:
        """Count what is present. Milliseconds for thousands of pictures."""
        with self._database.reading() as connection:
            files, size = connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM files").fetchone()
            flagged = connection.execute(
                "SELECT flag, count(*) FROM files WHERE flag IS NOT NULL GROUP BY flag ORDER BY flag"
            ).fetchall()
            unique, usable, excluded = connection.execute(
                "SELECT count(*), coalesce(sum(copies), 0), coalesce(sum(excluded), 0) "
                "FROM contents WHERE copies > 0"
            ).fetchone()
            sides = connection.execute(
                "SELECT side, count(*) FROM contents WHERE copies > 0 AND NOT excluded AND side IS NOT NULL "
                "GROUP BY side ORDER BY side"
            ).fetchall()
            near = connection.execute("SELECT value FROM facts WHERE key = 'near_duplicates'").fetchone()
        return ScanSummary(
            pictures=files,
            unique=unique,
            flagged={row[0]: row[1] for row in flagged},
            duplicates=usable - unique,
            near_duplicates=int(near[0]) if near else 0,
            sides={row[0]: row[1] for row in sides},
            excluded=excluded,
            bytes=size,
        )


def _content_values(one: Inspection) -> tuple[object, ...]:
    dhash = one.dhash
    if dhash is not None and dhash >= _SIGN:
        dhash -= 1 << 64
    return (one.content, one.size, one.format, one.width, one.height, dhash)


def _file_values(one: Inspection) -> tuple[object, ...]:
    folded = fold(one.path)
    return (
        one.path,
        folded,
        folded.rpartition("/")[2],
        one.size,
        one.mtime_ns,
        one.content,
        one.format,
        one.width,
        one.height,
        None if one.flag is None else one.flag.value,
        one.reason,
    )


def _prepared(row: sqlite3.Row) -> PreparedFile:
    return PreparedFile(
        content=row[0],
        path=row[1],
        sha256=row[2],
        format=row[3],
        width=row[4],
        height=row[5],
        size=row[6],
        flag=None if row[7] is None else Flag(row[7]),
        reason=row[8],
        remark=row[9],
    )
