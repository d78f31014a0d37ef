"""Big lists: which pictures, in which order, as an array of ids; their rows by block.

A million pictures are never held as rows. ``select`` computes the order once, off the screen's thread;
``rows`` reads what is shown.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from stillroom.errors import UsageError, reason
from stillroom.pictures import Flag, Side
from stillroom.plural import plural
from stillroom.shown import in_quotes
from stillroom.store.database import Database, storable
from stillroom.store.filters import Filter, Sort, fold, has_wildcard, is_file_name, is_name, parse
from stillroom.store.selecting import NOBODY, Query, Scope, query, tally
from stillroom.store.sightings import PictureRow
from stillroom.store.values import State

_BLOCK = 500
_DIGITS = 8
"""Hexadecimal digits of an id, which counts pictures from 1: there is room for four thousand million."""
_PIECE = _DIGITS << 16
"""Characters of a list of ids that are read at once, in about two milliseconds."""
_BREATH = 0.0001
"""Seconds. A sleep of nothing gives the interpreter's lock up and takes it again before another thread has
woken; that thread begins its wait anew each time, and may starve for as long as the list is long."""
_MOST_NAMED = 5
"""Names in one message."""
_OPTION = re.compile(r"-[A-Za-z]|--[A-Za-z].*")
"""As a filter such a word would leave out next to nothing, and so select nearly every picture."""

_WANTED = """
f.id, f.path, c.hash, f.size, f.format, f.width, f.height, f.flag, f.reason, c.side, c.place,
coalesce(c.excluded, 0), coalesce(c.copies, 0),
CASE WHEN f.flag IS NULL THEN coalesce(t.state, 'waiting') ELSE '' END,
CASE t.state WHEN 'failed' THEN t.failure END, coalesce(ta.keywords, ''),
CASE WHEN f.flag IS NULL THEN coalesce(s.state, 'waiting') ELSE '' END, coalesce(sa.keywords, ''), j.jaccard
"""

_SIDES = tuple(side.value for side in Side)
_STATES = tuple(state.value for state in State)
_FLAGS = tuple(flag.value for flag in Flag)
_TALLIED = ("split", "status", "flag", "format")
FACETS = (*_TALLIED, "excluded")


class Meant(NamedTuple):
    """What one argument means."""

    contents: list[str]
    unsent: str = ""
    """Which files it means that are never sent, a sentence; of a filter only where it means no others."""


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The list {path} cannot be read: {reason(error)}.", "It is text, one name a line."
        ) from error


class Views:
    """Filtered and sorted lists of pictures, and names made into contents.

    What a list shows of models is what the runs of its scope said; without a scope nobody was asked.
    """

    def __init__(self, database: Database, scope: Scope = NOBODY) -> None:
        self._database = database
        self._scope = scope

    def of(self, scope: Scope) -> Views:
        """The same lists, with the states, keywords and scores of other runs."""
        return Views(self._database, scope)

    def select(self, filter: Filter | None = None, sort: Sort | None = None) -> array[int]:
        """The pictures that a filter leaves, in order.

        Args:
            filter: None: all of them.
            sort: None: in the order in which they were first seen.

        Returns:
            ``array('q')`` of picture ids, eight bytes a picture.
        """
        made = self._query(filter, sort)
        # One row: a million would take and give back the interpreter's lock a million times, and a screen
        # that draws meanwhile would come too short. Fixed digits: to read a million decimal numbers keeps
        # that lock for a quarter of a second, to read these for a third of that.
        digits = f"group_concat(printf('%0{_DIGITS}x', id), '')"
        sql = f"SELECT {digits} FROM ({made.sql('f.id AS id')})"  # noqa: S608 - values are parameters
        with self._database.reading(whole=True) as connection:
            text: str | None = connection.execute(sql, made.values).fetchone()[0]
        return _numbers(text or "")

    def count(self, filter: Filter | None = None) -> int:
        """How many pictures a filter leaves."""
        made = self._query(filter, None)
        made.order = ""
        with self._database.reading(whole=True) as connection:
            return int(connection.execute(made.sql("count(*)"), made.values).fetchone()[0])

    def rows(self, ids: Iterable[int]) -> list[PictureRow]:
        """The rows of some pictures, in the order of ``ids``; one that is gone by now is left out."""
        wanted = list(ids)
        made = self._query(None, None)
        for join in ("ta", "sa", "j"):
            made.need(join)
        made.order = ""
        found: dict[int, PictureRow] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _BLOCK):
                block = wanted[start : start + _BLOCK]
                marks = ", ".join(f":id{place}" for place in range(len(block)))
                made.conditions = [f"f.id IN ({marks})"]
                values = made.values | {f"id{place}": value for place, value in enumerate(block)}
                for row in connection.execute(made.sql(_WANTED), values):
                    found[row[0]] = _picture(row)
        return [found[one] for one in wanted if one in found]

    def facets(self, filter: Filter | None = None) -> dict[str, dict[str, int]]:
        """Count the values of a few columns among the pictures that a filter leaves.

        Returns:
            For each of :data:`FACETS` its values, most frequent first; ``none`` for an empty one. Of
            ``excluded`` only ``yes``, where there are any.
        """
        made = self._query(filter, None)
        made.order = ""
        words = {"split": _SIDES, "status": _STATES, "flag": _FLAGS, "format": self._formats()}
        wanted = list(chain.from_iterable(tally(made, name, words[name]) for name in _TALLIED))
        wanted.append(tally(made, "excluded", (1,))[0])
        with self._database.reading(whole=True) as connection:
            found = iter(connection.execute(made.sql(", ".join(wanted)), made.values).fetchone())
        counts = {}
        for name in _TALLIED:
            pairs = [(word, next(found)) for word in (*words[name], "none")]
            ordered = sorted(pairs, key=lambda pair: (-pair[1], pair[0] != "none", pair[0]))
            counts[name] = {word: count for word, count in ordered if count}
        excluded = next(found)
        return counts | {"excluded": {"yes": excluded} if excluded else {}}

    def _formats(self) -> list[str]:
        with self._database.reading(whole=True) as connection:
            return [row[0] for row in connection.execute("SELECT DISTINCT format FROM files") if row[0]]

    def contents(self, filter: Filter | None = None) -> list[str]:
        """The usable contents of the pictures that a filter leaves, excluded ones too, ordered by path."""
        made = self._query(filter, None)
        made.need("c")
        made.conditions.append("c.id IS NOT NULL")
        made.order = "f.path"
        with self._database.reading() as connection:
            rows = connection.execute(made.sql("c.hash"), made.values).fetchall()
        return list(dict.fromkeys(row[0] for row in rows))

    def resolve(
        self,
        arguments: Sequence[str],
        *,
        read_text: Callable[[Path], str] = _read_text,
    ) -> list[str]:
        """Make a command's arguments into contents.

        Args:
            arguments: Each is ``@FILE`` (a list of picture paths, one a line), the path of a known picture
                (with ``./`` before it where it begins with an @), or a filter. Paths in a list may have
                ``./`` before them, too.
            read_text: Reads such a file.

        Returns:
            Contents without repetition: in the order of the arguments, for a filter in order of path.

        Raises:
            UsageError: A list cannot be read; a picture that is named is not known; a word looks like an
                option.
            FilterError: An argument is neither a picture nor a filter.
        """
        parts = self.resolve_each(arguments, read_text=read_text)
        return list(dict.fromkeys(chain.from_iterable(part.contents for part in parts)))

    def resolve_each(
        self,
        arguments: Sequence[str],
        *,
        read_text: Callable[[Path], str] = _read_text,
    ) -> list[Meant]:
        """As :meth:`resolve`, with what each argument means by itself."""
        found, strangers = [], []
        for argument in arguments:
            if argument.startswith("@"):
                found.append(self._named(self._listed(argument, read_text), argument))
            elif (path := self.path_of(argument)) is not None:
                found.append(self._named([path], path))
            elif _OPTION.fullmatch(argument):
                raise UsageError(
                    f"{in_quotes(argument)} looks like an option, and stands where pictures are named.",
                    f'Put options before --, or quote what a filter is to leave out: -"{argument[1:]}"',
                )
            else:
                meant = Meant([]) if is_file_name(argument) else self._filtered(argument)
                if not any(meant) and is_name(argument):
                    strangers.append(argument)
                found.append(meant)
        if strangers:
            raise self._unknown(strangers)
        return found

    def _filtered(self, argument: str) -> Meant:
        """What a filter means. One that finds files and no content finds only files that are never sent."""
        filter = parse(argument)
        contents = self.contents(filter)
        count = 0 if contents else self.count(filter)
        if not count:
            return Meant(contents)
        files = plural(count, "flagged file matches", "flagged files match")
        return Meant([], f"{files} {argument}: {'it is' if count == 1 else 'they are'} never sent.")

    def _listed(self, argument: str, read_text: Callable[[Path], str]) -> list[str]:
        """The names in the list that ``@FILE`` means."""
        try:
            text = read_text(Path(argument[1:]))
        except UsageError as error:
            if self._is_path(argument):
                raise UsageError(error.what, f"For the picture of this name write: ./{argument}") from error
            raise
        # Not splitlines: a name may hold any of the other characters that end a line somewhere.
        return [line for line in text.split("\n") if line.strip()]

    def _unknown(self, names: Sequence[str]) -> UsageError:
        """What to say of names that no picture has."""
        listed = ", ".join(f"{in_quotes(name)}" for name in names[:_MOST_NAMED])
        if len(names) > _MOST_NAMED:
            listed += f" and {len(names) - _MOST_NAMED:,} more"
        near = self._of_this_name(names[0])
        if near is not None:
            word = f"./{near}" if near.startswith("@") else near
            todo = f"Did you mean {in_quotes(word)}? Names are paths below the pictures' folder."
        elif names[0].startswith("-"):
            todo = f'For all pictures but those of this name, quote it: -"{names[0][1:]}"'
        elif any(map(has_wildcard, names)):
            todo = "For names with * and ? write a filter: path:'*.jpg'"
        else:
            todo = "Names are paths below the pictures' folder, as stillroom scan found them."
        are = "is not a picture" if len(names) == 1 else "are not pictures"
        return UsageError(f"{listed} {are} of this project.", todo)

    def _of_this_name(self, name: str) -> str | None:
        """A picture whose file is called so, in whatever folder."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT path FROM files WHERE name = ? ORDER BY path LIMIT 1",
                (storable(fold(name).rpartition("/")[2]),),
            ).fetchone()
        return None if row is None else str(row[0])

    def _query(self, filter: Filter | None, sort: Sort | None) -> Query:
        return query(filter or Filter("", ()), sort, self._scope)

    def path_of(self, word: str) -> str | None:
        """The picture that a word is the path of; ``./`` before a path changes nothing. None: it is none."""
        return next((path for path in (word, word.removeprefix("./")) if self._is_path(path)), None)

    def _is_path(self, text: str) -> bool:
        try:
            text.encode()
        except UnicodeEncodeError:
            return False
        with self._database.reading() as connection:
            return connection.execute("SELECT 1 FROM files WHERE path = ?", (text,)).fetchone() is not None

    def _named(self, names: Iterable[str], argument: str) -> Meant:
        contents, flagged = [], []
        sql = """SELECT c.hash, f.reason FROM files f
                 LEFT JOIN contents c ON c.id = f.content_id AND f.flag IS NULL WHERE f.path = ?"""
        with self._database.reading() as connection:
            for name in names:
                row = connection.execute(sql, (storable(name),)).fetchone()
                if row is None:  # as find writes them
                    row = connection.execute(sql, (storable(name.removeprefix("./")),)).fetchone()
                if row is None:
                    raise UsageError(
                        f"{in_quotes(argument)} names {in_quotes(name)}, "
                        "which is not a picture of this project.",
                        "Names are paths below the pictures' folder, as stillroom scan found them.",
                    )
                if row[0] is None:
                    flagged.append((name, row[1]))
                else:
                    contents.append(row[0])
        return Meant(contents, _unsent(flagged))


def _unsent(flagged: Sequence[tuple[str, str]]) -> str:
    """What to say of files that were named and are never sent: names and reasons."""
    if not flagged:
        return ""
    listed = ", ".join(f"{in_quotes(name)} ({why.rstrip('.')})" for name, why in flagged[:_MOST_NAMED])
    if len(flagged) > _MOST_NAMED:
        listed += f" and {len(flagged) - _MOST_NAMED:,} more"
    return f"{listed} {'is' if len(flagged) == 1 else 'are'} never sent."


def _numbers(text: str) -> array[int]:
    """Numbers of :data:`_DIGITS` digits each, read in pieces between which other threads have their turn."""
    found = array("q")
    for at in range(0, len(text), _PIECE):
        piece = array("I", bytes.fromhex(text[at : at + _PIECE]))
        if sys.byteorder == "little":
            piece.byteswap()
        found.extend(iter(piece))
        time.sleep(_BREATH)
    return found


def _picture(row: sqlite3.Row) -> PictureRow:
    return PictureRow(
        id=row[0],
        path=row[1],
        content=row[2],
        size=row[3],
        format=row[4],
        width=row[5],
        height=row[6],
        flag=row[7],
        reason=row[8],
        side=None if row[9] is None else Side(row[9]),
        order=row[10],
        excluded=bool(row[11]),
        copies=row[12],
        status=row[13],
        failure=row[14],
        keywords=row[15],
        student_status=row[16],
        student_keywords=row[17],
        jaccard=row[18],
    )
