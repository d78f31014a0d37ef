"""Whether it is noticed that something was written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from stillroom.store.opening import Store


@pytest.mark.parametrize("kind", ["ext4", "nfs"])
def test_what_another_thread_writes_is_noticed(opened: Callable[..., Store], kind: str) -> None:
    store = opened(kind=kind)
    before = store.changes.version()
    with ThreadPoolExecutor(1) as threads:
        threads.submit(store.facts.put, "one", "1").result()
        after = store.changes.version()
        assert after != before
        assert store.changes.version() == after, "nothing was written since"
        threads.submit(store.facts.put, "one", "2").result()
    assert store.changes.version() not in (before, after)


def test_what_is_taken_back_is_no_change(opened: Callable[..., Store]) -> None:
    store = opened(kind="nfs")
    before = store.changes.version()
    with pytest.raises(ZeroDivisionError), store.database.writing() as connection:
        connection.execute("INSERT INTO facts (key, value) VALUES ('one', '1')")
        raise ZeroDivisionError
    assert store.changes.version() == before


@pytest.mark.parametrize("kind", ["ext4", "nfs"])
def test_looking_never_waits_for_a_writer(opened: Callable[..., Store], kind: str) -> None:
    store = opened(kind=kind)
    writing, go = threading.Event(), threading.Event()

    def write() -> None:
        with store.database.writing():
            writing.set()
            go.wait(20)

    with ThreadPoolExecutor(2) as threads:
        written = threads.submit(write)
        assert writing.wait(10)
        looked = threads.submit(store.changes.version)
        try:
            looked.result(5)
        finally:
            go.set()
        written.result()
