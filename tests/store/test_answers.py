"""Answers: columns for scoring, judging again, labels from elsewhere."""

from __future__ import annotations

import pytest

from stillroom.errors import StoreBusy
from stillroom.labeling.values import FailureClass, Verdict
from stillroom.store import State


def comma(text: str, stop_reason: str) -> Verdict:
    words = tuple(word.strip() for word in text.split(",") if word.strip())
    return Verdict(words, None if words else FailureClass.UNPARSABLE, "" if words else "nothing there")


def strict(text: str, stop_reason: str) -> Verdict:
    return Verdict((), FailureClass.REFUSED, "strict")


def test_columns_are_aligned_with_the_contents(make):
    a, b, c = make.pictures("a", "b", "c")
    teacher, student = make.run(), make.run("untuned")
    make.label(teacher, {a: ("sea", "sky"), b: ("tree",)})
    make.label(student, {b: ("leaf",), c: ()})
    columns = make.store.answers.keyword_strings([teacher.id, student.id], [c, b, a, "unknown"])
    assert columns == [[None, "tree", "sea\nsky", None], ["", "leaf", None, None]]


def test_a_failed_answer_is_in_no_column_but_can_be_read(make, pricing):
    (a,) = make.pictures("a")
    run = make.run()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        (begun,) = journal.advance([], [make.item(a)])
        journal.advance([make.answered(begun, a, "no", failure=FailureClass.REFUSED)], [])
    assert make.store.answers.keyword_strings([run.id], [a]) == [[None]]
    (row,) = make.store.answers.rows(run.id)
    assert (row.failure, row.remark) == (FailureClass.REFUSED, "odd")


def test_rows_come_in_blocks_and_by_content(make):
    contents = make.pictures(*map(str, range(2500)))
    run = make.run()
    make.label(run, dict.fromkeys(contents, ("x",)))
    rows = list(make.store.answers.rows(run.id))
    assert sorted(row.content for row in rows) == sorted(contents)
    wanted = contents[::500]
    assert {row.content for row in make.store.answers.rows(run.id, wanted)} == set(wanted)


def test_the_newest_answers_come_first(make):
    a, b, c = make.pictures("a", "b", "c")
    run = make.run()
    make.label(run, {b: ("1",), a: ("2",), c: ("3",)})
    assert [row.content for row in make.store.answers.latest(run.id, 2)] == [c, a]
    assert make.store.answers.latest(run.id + 1) == []


def test_what_was_asked_again_takes_no_place_from_the_newest_answers(make, pricing):
    contents = make.pictures("a", "b", "c", "d")
    run = make.run()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        for content in (*contents, *contents[2:], *contents[2:]):
            (begun,) = journal.advance([], [make.item(content)])
            journal.advance([make.answered(begun, content, "no", failure=FailureClass.REFUSED)], [])
    a, b, c, d = contents
    assert [row.content for row in make.store.answers.latest(run.id, 3)] == [d, c, b]
    assert [row.content for row in make.store.answers.latest(run.id, 12)] == [d, c, b, a]


def test_judging_again_costs_nothing_and_keeps_the_words(make):
    a, b = make.pictures("a", "b")
    run = make.run()
    make.label(run, {a: ("sea", "sky"), b: ()})
    answers = make.store.answers
    before = make.store.spending.lines()
    assert answers.reparse(run.id, strict) == 2
    assert make.store.runs.states(run.id) == {a: State.FAILED, b: State.FAILED}
    assert make.store.runs.counts(run.id).classes == ((FailureClass.REFUSED, 2),)
    assert answers.reparse(run.id, comma) == 2
    assert make.store.runs.states(run.id) == {a: State.DONE, b: State.FAILED}
    assert answers.keyword_strings([run.id], [a]) == [["sea\nsky"]]
    assert answers.reparse(run.id, comma) == 0
    assert make.store.spending.lines() == before
    assert {row.text for row in answers.rows(run.id)} == {"sea, sky", ""}


def test_judging_again_prefers_a_usable_answer_and_keeps_later_failures(make, pricing):
    a, b = make.pictures("a", "b")
    run = make.run()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        one, two = journal.advance([], [make.item(a), make.item(b)])
        again = journal.advance(
            [
                make.answered(one, a, "good", failure=FailureClass.UNPARSABLE),
                make.answered(two, b, failure=FailureClass.UNPARSABLE),
            ],
            [make.item(a), make.item(b)],
        )
        journal.advance(
            [
                make.answered(again[0], a, failure=FailureClass.UNPARSABLE),
                make.failed(again[1], b, FailureClass.INVALID),
            ],
            [],
        )
    make.store.answers.reparse(run.id, comma)
    assert make.store.runs.states(run.id) == {a: State.DONE, b: State.FAILED}
    assert make.store.answers.keyword_strings([run.id], [a]) == [["good"]]
    assert [row.failure for row in make.store.runs.failures(run.id)] == [FailureClass.INVALID]


def test_judging_again_is_refused_while_the_run_goes_on(make, opened):
    run = make.run()
    with opened().runs.claim(run.id), pytest.raises(StoreBusy):
        make.store.answers.reparse(run.id, comma)


def test_labels_from_elsewhere_are_a_teacher_that_costs_nothing(make):
    a, b = make.pictures("a", "b")
    answers = make.store.answers
    run = answers.import_labels([(a, "sea, sky"), (b, ""), ("unknown", "x")], comma)
    assert (run.spec.role, run.spec.name, run.counts.done, run.counts.failed) == ("teacher", "imported", 1, 1)
    assert answers.keyword_strings([run.id], [a, b]) == [["sea\nsky", None]]
    assert make.store.spending.lines() == []
    again = answers.import_labels([(a, "sea, sky"), (b, "tree")], comma)
    assert (again.id, again.counts.done) == (run.id, 2)
    answers.import_labels([(a, "cloud")], comma)
    assert answers.keyword_strings([run.id], [a, b]) == [["cloud", "tree"]]
    with make.store.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone()[0] == 4
    assert make.store.runs.tempo(run.id).answers == 0


def test_a_call_nobody_heard_the_end_of_is_no_refused_call(make, pricing):
    lost, refused, answered, never = make.pictures("a", "b", "c", "d")
    run = make.run()
    with make.store.runs.claim(run.id) as claim:
        journal = make.store.runs.journal(run.id, pricing)
        (_, two, three) = journal.advance([], [make.item(one) for one in (lost, refused, answered)])
        failed = make.failed(two, refused, FailureClass.THROTTLED)
        journal.advance([failed, make.answered(three, answered, "sky", "sea")], [])
        assert make.store.answers.unheard(make.store.runs.get(run.id)) == set(), "its process lives"
        claim.cut_short()
    assert make.store.runs.todo(run.id, [lost, refused, answered, never]) == [lost, refused, never]
    assert make.store.answers.unheard(make.store.runs.get(run.id)) == {lost}


def test_a_call_nobody_heard_the_end_of_counts_after_an_earlier_answer_alone(make, pricing):
    again, before = make.pictures("a", "b")
    run = make.run()
    with make.store.runs.claim(run.id) as claim:
        make.store.runs.journal(run.id, pricing).advance([], [make.item(before)])
        claim.cut_short()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        (one, two) = journal.advance([], [make.item(again), make.item(before)])
        useless = [
            make.answered(attempt, content, failure=FailureClass.UNPARSABLE)
            for attempt, content in ((one, again), (two, before))
        ]
        journal.advance(useless, [])
    assert make.store.answers.unheard(make.store.runs.get(run.id)) == set()
    with make.store.runs.claim(run.id) as claim:
        make.store.runs.journal(run.id, pricing).advance([], [make.item(again)])
        claim.cut_short()
    assert make.store.answers.unheard(make.store.runs.get(run.id)) == {again}
