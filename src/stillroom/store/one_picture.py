"""Everything that is known about one content: its files, what was prepared of it, what models said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from stillroom.pictures import Flag, PreparedFile
from stillroom.store.database import Database, storable
from stillroom.store.values import RunSpec

_SAID = """
SELECT r.role, r.name, r.model, s.state, coalesce(a.failure, s.failure),
       coalesce(nullif(t.message, ''), a.remark, ''), coalesce(a.keywords, ''), coalesce(a.text, ''),
       a.input_tokens, a.output_tokens, a.latency_ms, a.usd, a.at, j.jaccard
FROM json_each(?2) k JOIN runs r ON r.key = k.value LEFT JOIN contents c ON c.hash = ?1
LEFT JOIN states s ON s.run_id = r.id AND s.content_id = c.id
LEFT JOIN answers a ON a.id = s.answer_id LEFT JOIN attempts t ON t.id = s.attempt_id
LEFT JOIN scores j ON j.run_id = r.id AND j.content_id = c.id
ORDER BY k.key
"""


@dataclass(frozen=True, slots=True)
class Said:
    """Where one run stands with one content, and what it answered."""

    role: str
    """teacher, untuned, student or model."""
    name: str
    model: str
    state: str | None
    """``State`` as text; None: never asked."""
    failure: str | None
    """``FailureClass`` as text, of what failed."""
    message: str
    """What the service or our own judge said about a failure."""
    keywords: tuple[str, ...]
    """In the order of the answer; empty unless it is usable."""
    text: str
    """The model's own words."""
    input_tokens: int | None
    """Measured; None: no answer."""
    output_tokens: int | None
    latency_ms: int | None
    usd: Decimal | None
    """None: no answer, or no price is known."""
    at: float | None
    """Unix time of the answer."""
    jaccard: float | None
    """Against the teacher, 0–1, as it was last scored."""


class OnePicture:
    """Look-ups by content, a few statements each however many pictures there are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def files(self, content: str) -> list[tuple[int, str]]:
        """Ids and paths of the usable files that have a content, ordered by path."""
        sql = """SELECT f.id, f.path FROM contents c JOIN files f ON f.content_id = c.id AND f.flag IS NULL
                 WHERE c.hash = ? ORDER BY f.path"""
        with self._database.reading() as connection:
            return [(row[0], row[1]) for row in connection.execute(sql, (content,))]

    def id_of(self, path: str) -> int | None:
        """Id of the file at a path; None: no such file."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT id FROM files WHERE path = ?", (storable(path),)).fetchone()
        return None if row is None else int(row[0])

    def prepared(self, key: str, content: str) -> PreparedFile | None:
        """What was prepared of a content with some settings; None: nothing yet.

        Args:
            key: Hash of what decides the bytes that are sent.
            content: Hash of the original bytes.
        """
        sql = """SELECT p.path, p.sha256, p.format, p.width, p.height, p.size, p.flag, p.reason, p.remark
                 FROM contents c JOIN prepared p ON p.key = ?1 AND p.content_id = c.id WHERE c.hash = ?2"""
        with self._database.reading() as connection:
            row = connection.execute(sql, (key, content)).fetchone()
        if row is None:
            return None
        return PreparedFile(
            content=content,
            path=row[0],
            sha256=row[1],
            format=row[2],
            width=row[3],
            height=row[4],
            size=row[5],
            flag=None if row[6] is None else Flag(row[6]),
            reason=row[7],
            remark=row[8],
        )

    def said(self, content: str, specs: Iterable[RunSpec]) -> list[Said]:
        """What some runs say of a content, in their order; those that have not begun are left out."""
        # Whoever is asked under two names, as a model and as the untuned student, has one run.
        keys = json.dumps(list(dict.fromkeys(spec.key() for spec in specs)))
        with self._database.reading() as connection:
            rows = connection.execute(_SAID, (content, keys)).fetchall()
        return [
            Said(
                role=row[0],
                name=row[1],
                model=row[2],
                state=row[3],
                failure=row[4] if row[3] == "failed" else None,
                message=row[5] if row[3] == "failed" else "",
                keywords=tuple(row[6].split("\n")) if row[3] == "done" and row[6] else (),
                text=row[7],
                input_tokens=row[8],
                output_tokens=row[9],
                latency_ms=row[10],
                usd=None if row[11] is None else Decimal(row[11]),
                at=row[12],
                jaccard=row[13],
            )
            for row in rows
        ]
