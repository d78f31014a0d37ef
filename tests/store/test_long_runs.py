"""Runs with many answers: what is looked at while they go does not grow with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stillroom.labeling.values import Verdict
from stillroom.store.opening import Store


def answer(store: Store, run: int, count: int) -> None:
    """Give a run so many answers in all, without the labeling."""
    with store.database.writing() as connection:
        connection.execute(
            """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
               INSERT OR IGNORE INTO contents (id, hash, size, format, width, height)
               SELECT i, 'content ' || i, 1, 'jpeg', 1, 1 FROM n""",
            (count,),
        )
        connection.execute("INSERT OR IGNORE INTO sessions VALUES (1, ?, 1, 1.0, 2.0)", (run,))
        connection.execute(
            """INSERT INTO attempts (run_id, content_id, begun, ended, estimated_tokens, session_id)
               SELECT ?1, id, 1.0, 2.0, 900, 1 FROM contents
               WHERE id > (SELECT count(*) FROM attempts)""",
            (run,),
        )
        connection.execute(
            """INSERT INTO answers (run_id, content_id, attempt_id, at, text, stop_reason, input_tokens,
                                    output_tokens, latency_ms, request_id, keywords, words, remark)
               SELECT ?1, content_id, id, ended, 'sea', 'end_turn', 900, 80, 700, '', 'sea', 1, ''
               FROM attempts WHERE id > (SELECT count(*) FROM answers)""",
            (run,),
        )
        connection.execute(
            """INSERT OR IGNORE INTO states (run_id, content_id, state, answer_id, attempt_id, words)
               SELECT run_id, content_id, 'done', id, attempt_id, 1 FROM answers"""
        )


def effort(store: Store, work: Callable[[], object]) -> int:
    """Steps of SQLite's machine, by tens: the same on every computer."""
    tens = 0

    def count() -> int:
        nonlocal tens
        tens += 1
        return 0

    with store.database.reading() as connection:
        connection.set_progress_handler(count, 10)
        work()
        connection.set_progress_handler(None, 0)
    return tens


@pytest.mark.parametrize("name", ["latest", "tempo", "named"])
def test_a_few_answers_are_found_without_the_others(make, name: str) -> None:
    store, run = make.store, make.run().id
    look = {
        "latest": lambda: store.answers.latest(run, 3),
        "tempo": lambda: store.runs.tempo(run),
        "named": lambda: list(store.answers.rows(run, ["content 5", "content 2000", "content x"])),
    }[name]
    answer(store, run, 2_500)
    few = effort(store, look)
    answer(store, run, 10_000)
    assert effort(store, look) < 1.2 * few


def test_judging_again_takes_as_long_for_each_answer_of_many(make) -> None:
    store, run = make.store, make.run().id

    def judge() -> None:
        assert store.answers.reparse(run, lambda text, stop_reason: Verdict((text,), None)) == 0

    answer(store, run, 2_500)
    few = effort(store, judge)
    answer(store, run, 10_000)
    assert effort(store, judge) < 5 * few
