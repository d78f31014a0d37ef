"""Runs: what makes one, who holds it, what is left of it, what it spent."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillroom.errors import StoreError
from stillroom.labeling.values import FailureClass, Inference, Prompt
from stillroom.store import RunCounts, State
from stillroom.store.sweeping import note_pause

CHANGES = [
    {"model": "other"},
    {"prompt_version": "v2"},
    {"prompt": Prompt("a", "b")},
    {"inference": Inference(100, 0.5, 0.9)},
    {"inference": Inference(512, 0.6, 0.9)},
    {"inference": Inference(512, 0.5, 1.0)},
    {"prepare_key": "p2"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_any_change_makes_a_new_run(make, change):
    assert make.run().id != make.run(**change).id
    assert make.run().id == make.run().id


def test_a_student_that_is_deployed_again_goes_on_with_its_run(make):
    first = make.run("student", name="lite-300", student="lite-300", model="arn:deployment/1")
    again = make.run("student", name="lite-300", student="lite-300", model="arn:deployment/2")
    assert (again.id, again.spec.model) == (first.id, "arn:deployment/2")
    assert make.run("student", student="lite-900", model="arn:deployment/2").id != first.id


def test_a_role_only_rises(make):
    run = make.run("model", model="m")
    assert make.run("teacher", model="m").id == run.id
    make.run("ask", model="m")
    assert make.store.runs.get(run.id).spec.role == "teacher"
    assert make.store.runs.find(make.spec("model", model="m")).spec.name == "teacher"


def test_a_run_comes_back_as_it_was_specified(make):
    spec = make.spec("student", student="lite", inference=Inference(64, 0.25, 0.75))
    run = make.store.runs.start_or_find(spec)
    assert run.spec == spec
    assert run.counts == RunCounts()
    assert run.started == make.clock.time
    assert make.store.runs.find(replace(spec, prepare_key="zz")) is None
    assert [one.id for one in make.store.runs.all()] == [run.id]


def test_an_unknown_run_is_said_so(store):
    with pytest.raises(StoreError, match="no run 77"):
        store.runs.get(77)


def test_writing_without_a_claim_is_refused(make, pricing):
    with pytest.raises(StoreError, match="not claimed"):
        make.store.runs.journal(make.run().id, pricing)


def test_answers_are_stored_with_all_they_came_with(make, pricing):
    (a,) = make.pictures("a.jpg")
    run = make.run()
    make.label(run, {a: ("sea", "sky")})
    (row,) = make.store.answers.rows(run.id)
    assert (row.content, row.path, row.text, row.keywords) == (a, "a.jpg", "sea, sky", "sea\nsky")
    assert (row.input_tokens, row.output_tokens, row.latency_ms, row.stop_reason) == (
        1000,
        80,
        700,
        "end_turn",
    )
    assert (row.attempts, row.failure, row.usd) == (1, None, Decimal("0.001"))
    assert row.request_id.startswith("request-")
    assert make.store.runs.get(run.id).counts.done == 1
    assert make.store.runs.get(run.id).advanced == make.clock.time


def test_todo_leaves_out_what_is_settled(make, pricing):
    a, b, c, d = make.pictures("a", "b", "c", "d")
    run = make.run()
    runs = make.store.runs
    with runs.claim(run.id):
        journal = runs.journal(run.id, pricing)
        begun = journal.advance([], [make.item(one) for one in (a, b, c)])
        journal.advance(
            [
                make.answered(begun[0], a, "sea"),
                make.failed(begun[1], b, FailureClass.INVALID),
                make.answered(begun[2], c, "sorry", failure=FailureClass.REFUSED),
            ],
            [],
        )
    assert runs.todo(run.id, [d, c, b, a]) == [d]
    assert runs.states(run.id) == {a: State.DONE, b: State.FAILED, c: State.FAILED}
    assert runs.counts(run.id) == RunCounts(
        done=1, failed=2, classes=((FailureClass.INVALID, 1), (FailureClass.REFUSED, 1))
    )
    assert runs.counts(run.id, [a, b]).failed == 1
    failures = runs.failures(run.id)
    assert [(row.path, row.failure) for row in failures] == [
        ("b", FailureClass.INVALID),
        ("c", FailureClass.REFUSED),
    ]
    assert failures[0].message == "the service said invalid"
    assert failures[0].code == "SomeException"
    assert failures[1].message == "odd"
    assert runs.failures(run.id, [FailureClass.REFUSED])[0].content == c
    assert runs.failures(run.id, []) == []
    assert runs.failures(run.id, most=1) == failures[:1]
    assert runs.failures(run.id, [FailureClass.REFUSED], most=0) == []


def test_a_retry_adds_an_answer_and_overwrites_none(make, pricing):
    (a,) = make.pictures("a")
    run = make.run()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        (one,) = journal.advance([], [make.item(a)])
        (two,) = journal.advance(
            [make.answered(one, a, "cut", failure=FailureClass.TRUNCATED)], [make.item(a)]
        )
        assert make.store.runs.states(run.id) == {a: State.ASKING}
        journal.advance([make.answered(two, a, "sea", "sky")], [])
    (row,) = make.store.answers.rows(run.id)
    assert (row.text, row.attempts) == ("sea, sky", 2)
    with make.store.database.reading() as connection:
        texts = [row[0] for row in connection.execute("SELECT text FROM answers ORDER BY id")]
    assert texts == ["cut", "sea, sky"]


def test_an_outcome_that_is_offered_again_counts_once(make, pricing):
    (a,) = make.pictures("a")
    run = make.run()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        (begun,) = journal.advance([], [make.item(a)])
        outcome = make.answered(begun, a, "sea")
        journal.advance([outcome], [])
        journal.advance([outcome], [])
    (line,) = make.store.spending.lines()
    assert (line.calls, line.usd) == (1, Decimal("0.001"))
    assert len(list(make.store.answers.rows(run.id))) == 1


def test_a_group_is_stored_as_a_whole_or_not_at_all(make, pricing):
    a, b = make.pictures("a", "b")
    run = make.run()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        (begun,) = journal.advance([], [make.item(a)])
        with pytest.raises(StoreError, match="not known"):
            journal.advance([make.answered(begun, a, "sea")], [make.item(b), make.item("0" * 64)])
        assert make.store.runs.states(run.id) == {a: State.ASKING}


def test_text_that_no_database_holds_is_kept_as_escapes(make, pricing):
    (a,) = make.pictures("a")
    run = make.run()
    make.label(run, {a: ("broken \ud800", "nul \0")})
    assert make.store.answers.keyword_strings([run.id], [a]) == [["broken \\ud800\nnul \0"]]


def test_what_was_never_sent_leaves_no_trace(make, pricing):
    a, b, c = make.pictures("a", "b", "c")
    run = make.run()
    with make.store.runs.claim(run.id) as claim:
        journal = make.store.runs.journal(run.id, pricing)
        one, two, three = journal.advance([], [make.item(one) for one in (a, b, c)])
        gone = replace(make.failed(one, a, FailureClass.INVALID), called=False)
        withdrawn = replace(
            make.failed(two, b, FailureClass.INVALID), called=False, failure=None, message="withdrawn"
        )
        journal.advance([gone, withdrawn, make.failed(three, c, FailureClass.TRUNCATED)], [])
        (again,) = journal.advance([], [make.item(c)])
        journal.advance([replace(withdrawn, attempt=again), replace(withdrawn, attempt=two)], [])
        assert again > three
        claim.cut_short()
    assert make.store.runs.todo(run.id, [a, b, c]) == [b, c]
    assert make.store.runs.states(run.id) == {a: State.FAILED, c: State.UNKNOWN}
    (line,) = make.store.spending.lines()
    assert (line.attempts, line.calls, line.unknown, line.usd) == (1, 0, 0, 0)


PASSING = [FailureClass.THROTTLED, FailureClass.SERVICE, FailureClass.UNKNOWN]


@pytest.mark.parametrize("failure", list(FailureClass))
@pytest.mark.parametrize("complete", [True, False])
def test_what_could_pass_is_asked_again_after_a_run_that_was_cut_short(make, pricing, failure, complete):
    (a,) = make.pictures("a")
    run = make.run()
    with make.store.runs.claim(run.id) as claim:
        journal = make.store.runs.journal(run.id, pricing)
        (begun,) = journal.advance([], [make.item(a)])
        journal.advance([make.failed(begun, a, failure)], [])
        if not complete:
            claim.cut_short()
    again = failure is FailureClass.ACCESS or (not complete and failure in PASSING)
    assert make.store.runs.todo(run.id, [a]) == ([a] if again else [])


def test_an_exception_cuts_a_run_short(make, pricing):
    a, b = make.pictures("a", "b")
    run = make.run()
    with pytest.raises(KeyboardInterrupt), make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        one, _ = journal.advance([], [make.item(a), make.item(b)])
        journal.advance([make.failed(one, a, FailureClass.THROTTLED)], [])
        raise KeyboardInterrupt
    assert make.store.runs.todo(run.id, [a, b]) == [a, b]
    (line,) = make.store.spending.lines()
    assert (line.attempts, line.unknown, line.usd_unknown) == (2, 1, Decimal("0.002"))
    assert make.store.runs.counts(run.id).unknown == 2


def test_spending_tells_known_from_unknown_from_unpriced(make):
    a, b, c = make.pictures("a", "b", "c")
    run = make.run()
    prices = {a: Decimal("0.00125"), b: None, c: Decimal("0.5")}
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, lambda outcome: prices[outcome.item.content])
        begun = journal.advance([], [make.item(one) for one in (a, b, c)])
        journal.advance(
            [
                make.answered(begun[0], a, "x"),
                make.answered(begun[1], b, "x"),
                make.failed(begun[2], c, FailureClass.UNKNOWN, unknown=True),
            ],
            [],
        )
    (line,) = make.store.spending.lines()
    assert line.step == "label teacher"
    assert (line.calls, line.attempts, line.input_tokens, line.output_tokens) == (2, 3, 2000, 160)
    assert (line.usd, line.unpriced) == (Decimal("0.00125"), 1)
    assert (line.unknown, line.usd_unknown) == (1, Decimal("0.5"))


def test_measured_means_are_of_the_model_and_the_preparation(make):
    a, b = make.pictures("a", "b")
    make.label(make.run(), {a: ("x",), b: ("y",)})
    spending = make.store.spending
    measured = spending.measured("model-of-teacher", "p1")
    assert (measured.calls, measured.input_tokens, measured.output_tokens) == (2, 1000, 80)
    assert (measured.estimated_input_tokens, measured.seconds_per_call) == (900, 0.7)
    assert spending.measured("amazon.nova-pro-v1:0", "p1") == measured
    assert spending.measured("model-of-teacher", "p2") is None
    assert spending.measured("other", "p1") is None


def test_tempo_counts_only_time_in_which_the_run_went(make, pricing):
    contents = make.pictures(*"abcde")
    run = make.run()
    assert make.store.runs.tempo(run.id).per_second == 0
    make.label(run, {contents[0]: ("x",)})
    make.clock.time += 3600
    make.label(run, {contents[1]: ("x",)})
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        make.clock.time -= 5000  # a clock that jumps back
        journal.advance([], [])
    tempo = make.store.runs.tempo(run.id)
    assert (tempo.answers, tempo.active_seconds, tempo.p50_ms, tempo.p95_ms) == (2, 2.0, 700, 700)
    assert tempo.per_second == 1.0


def test_a_pause_is_no_time_in_which_the_run_went(make, pricing):
    (content,) = make.pictures("a")
    run = make.run()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        (begun,) = journal.advance([], [make.item(content)])
        make.clock.time += 42
        journal.rested(40)
        journal.advance([make.answered(begun, content, "x")], [])
    seconds = make.store.runs.tempo(run.id).active_seconds
    make.clock.time += 1
    assert 2 <= seconds < 10


def label_slowly(make, run, pricing, contents, *, resting: float = 0.0, throttled: float = 0.0) -> None:
    """Two answers, a second each, with a pause and a time of throttles between them."""
    first, second = contents
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        (begun,) = journal.advance([], [make.item(first)])
        journal.advance([make.answered(begun, first, "x")], [])
        make.clock.time += resting
        journal.rested(resting)
        (begun,) = journal.advance([], [make.item(second)])
        for _ in range(int(throttled) // 100):
            make.clock.time += 100
            lost = make.failed(begun, second, FailureClass.THROTTLED)
            (begun,) = journal.advance([lost], [make.item(second)])
        journal.advance([make.answered(begun, second, "x")], [])


def test_answers_come_as_fast_in_an_estimate_as_on_the_screen_whatever_the_pauses(make, pricing):
    contents = make.pictures(*"abcd")
    run, runs = make.run(), make.store.runs
    assert runs.answering_rate(run.id) == 0
    label_slowly(make, run, pricing, contents[:2], resting=12)
    assert runs.answering_rate(run.id) == runs.tempo(run.id).per_second == 1.0
    make.clock.time += 3600  # nobody labels
    label_slowly(make, run, pricing, contents[2:], resting=90)
    assert runs.answering_rate(run.id) == runs.tempo(run.id).per_second == 1.0


def test_an_hour_of_throttles_counts_as_little_as_a_suspended_machine(make, pricing):
    run = make.run()
    label_slowly(make, run, pricing, make.pictures("a", "b"), throttled=3600)
    assert make.store.runs.tempo(run.id).active_seconds == 3602
    assert make.store.runs.answering_rate(run.id) == pytest.approx(2 / 121)


def test_answers_from_before_their_time_of_labeling_was_kept_come_as_fast_as_the_run_went(make, pricing):
    contents = make.pictures(*"abcdef")
    run, runs = make.run(), make.store.runs
    label_slowly(make, run, pricing, contents[:2])
    with make.store.database.writing() as connection:
        connection.execute("UPDATE answers SET labeling_seconds = NULL")
        connection.execute("UPDATE runs SET active_seconds = 20")
    assert runs.answering_rate(run.id) == runs.tempo(run.id).per_second == 0.1
    label_slowly(make, run, pricing, contents[2:4], resting=30)
    assert runs.answering_rate(run.id) == 1.0  # what is known of the latest alone


def test_a_run_is_known_as_paused_for_as_long_as_it_is_held(make, pricing):
    run, runs = make.run(), make.store.runs
    with runs.claim(run.id):
        journal = runs.journal(run.id, pricing)
        journal.pause(True)
        assert runs.is_paused(run.id, runs.holder(run.id))
        journal.pause(False)
        assert not runs.is_paused(run.id, runs.holder(run.id))
        journal.pause(True)
        assert not runs.is_paused(run.id, 1)  # one that died left it
    assert not runs.is_paused(run.id, os.getpid())


def test_a_pause_of_a_process_that_died_is_none_of_another_with_its_id(make, pricing):
    """Ids come again: in a container every process may have the same one."""
    run, runs = make.run(), make.store.runs
    with make.store.database.writing() as connection:
        note_pause(connection, run.id, os.getpid())
    with runs.claim(run.id):
        assert not runs.is_paused(run.id, runs.holder(run.id))


ENDINGS = st.sampled_from(["answer", "bad", "throttled", "invalid", "lost", "nothing", "withdrawn"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    groups=st.lists(st.lists(st.tuples(st.integers(0, 5), ENDINGS), max_size=5), max_size=5), data=st.data()
)
def test_totals_and_states_always_follow_from_attempts_and_answers(make, pricing, groups, data):
    contents = make.pictures(*"abcdef")
    run = make.run(prepare_key=str(data.draw(st.integers(0, 10**9))))
    for group in groups:
        with make.store.runs.claim(run.id):
            journal = make.store.runs.journal(run.id, pricing)
            begun = journal.advance([], [make.item(contents[place]) for place, _ in group])
            outcomes = [
                ending_of(make, kind, attempt, contents[place])
                for attempt, (place, kind) in zip(begun, group, strict=True)
            ]
            journal.advance([outcome for outcome in outcomes if outcome is not None], [])
    check_sums(make, run)


def ending_of(make, kind, attempt, content):
    if kind == "answer":
        return make.answered(attempt, content, "sea")
    if kind == "bad":
        return make.answered(attempt, content, failure=FailureClass.UNPARSABLE)
    if kind == "lost":
        return make.failed(attempt, content, FailureClass.UNKNOWN, unknown=True)
    if kind == "withdrawn":
        return replace(make.failed(attempt, content, FailureClass.INVALID), failure=None, called=False)
    if kind == "nothing":
        return None
    return make.failed(attempt, content, FailureClass(kind))


def check_sums(make, run):
    with make.store.database.reading() as connection:
        row = connection.execute("SELECT * FROM runs WHERE id = ?", (run.id,)).fetchone()
        attempts = connection.execute("SELECT * FROM attempts WHERE run_id = ?", (run.id,)).fetchall()
        answers = connection.execute("SELECT * FROM answers WHERE run_id = ?", (run.id,)).fetchall()
        states = connection.execute("SELECT * FROM states WHERE run_id = ?", (run.id,)).fetchall()
    assert row["attempts"] == len(attempts)
    assert row["calls"] == len(answers)
    assert Decimal(row["usd"]) == sum(Decimal(one["usd"]) for one in answers)
    assert row["unknown"] == sum(one["unknown"] for one in attempts)
    assert Decimal(row["usd_unknown"]) == sum(Decimal(one["usd"]) for one in attempts if one["unknown"])
    usable = {one["content_id"] for one in answers if one["failure"] is None}
    assert {one["content_id"] for one in states if one["state"] == "done"} == usable
    assert not any(one["state"] == "asking" for one in states)
    assert {one["content_id"] for one in attempts} <= {one["content_id"] for one in states}
