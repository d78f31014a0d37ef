"""A store that is closed while a thread nobody waits for still reads from it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from stillroom.errors import StoreError
from stillroom.store.opening import Store


def test_a_reader_ends_in_peace_and_the_next_is_told(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for number in range(100):
        store.facts.put(f"fact {number}", "x")
    reading, closed = threading.Event(), threading.Event()
    seen: list[int] = []

    def read() -> None:
        with store.database.reading() as connection:
            rows = connection.execute("SELECT key FROM facts")
            first = rows.fetchone()
            reading.set()
            assert closed.wait(10)
            seen.append(len(rows.fetchall()) + (first is not None))

    reader = threading.Thread(target=read)
    reader.start()
    assert reading.wait(10)
    store.close()
    closed.set()
    reader.join(10)
    assert seen == [100]
    with pytest.raises(StoreError):
        store.facts.get("fact 1")
