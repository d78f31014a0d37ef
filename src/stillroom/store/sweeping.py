"""What becomes of a labeling session's loose ends when it is over, or when its process died."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

_PASSING = ("throttled", "service", "unknown", "access")
"""Failure classes that say nothing about the picture."""


def sweep_session(connection: sqlite3.Connection, session: int, now: float, *, complete: bool) -> None:
    """End a session. Its unended attempts have an unknown outcome from now on, at their highest price.

    Args:
        connection: In a transaction.
        session: Session id; one that has ended already is left alone.
        now: Unix time.
        complete: False: pictures whose last failure could pass are to be asked again by the next run, because
            their retries may never have been made. Refused access is always asked again.
    """
    row = connection.execute(
        "UPDATE sessions SET ended = ? WHERE id = ? AND ended IS NULL RETURNING run_id", (now, session)
    ).fetchone()
    if row is None:
        return
    run_id = row[0]
    lost = connection.execute(
        "SELECT usd FROM attempts WHERE run_id = ? AND session_id = ? AND ended IS NULL", (run_id, session)
    ).fetchall()
    if lost:
        connection.execute(
            "UPDATE attempts SET ended = max(begun, ?), failure = 'unknown', unknown = 1, "
            "message = 'The process ended during the call.' "
            "WHERE run_id = ? AND session_id = ? AND ended IS NULL",
            (now, run_id, session),
        )
        add_unknown(connection, run_id, [row[0] for row in lost])
    connection.execute(
        "UPDATE states SET state = 'unknown' WHERE run_id = ? AND session_id = ? AND state = 'asking'",
        (run_id, session),
    )
    classes = ("access",) if complete else _PASSING
    connection.executemany(
        "UPDATE states SET state = 'unknown' "
        "WHERE run_id = ? AND session_id = ? AND state = 'failed' AND failure = ?",
        [(run_id, session, name) for name in classes],
    )


def note_pause(connection: sqlite3.Connection, run_id: int, pid: int | None) -> None:
    """Note which process has paused a run; None: none has. It counts while that process holds the run."""
    key = pause_key(run_id)
    connection.execute("DELETE FROM facts WHERE key = ?", (key,))
    if pid is not None:
        connection.execute("INSERT INTO facts (key, value) VALUES (?, ?)", (key, str(pid)))


def pause_key(run_id: int) -> str:
    """The fact that tells which process has paused a run."""
    return f"paused:{run_id}"


def add_unknown(connection: sqlite3.Connection, run_id: int, prices: list[str | None]) -> None:
    """Add attempts of unknown outcome to the totals of a run."""
    before = connection.execute("SELECT usd_unknown FROM runs WHERE id = ?", (run_id,)).fetchone()[0]
    known = [Decimal(price) for price in prices if price is not None]
    connection.execute(
        "UPDATE runs SET unknown = unknown + ?, usd_unknown = ?, unpriced = unpriced + ? WHERE id = ?",
        (len(prices), str(sum(known, Decimal(before))), len(prices) - len(known), run_id),
    )
