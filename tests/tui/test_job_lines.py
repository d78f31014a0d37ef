"""The Jobs screen as lines: columns that stand still, ages, countdowns, failures with what to do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.steps.following import Followed
from stillroom.steps.job_details import DEPLOYMENT, JOB, MODEL, THROUGHPUT, JobDetails, Thing
from stillroom.steps.job_views import JobView, StageView
from stillroom.training.estimate import training_time
from stillroom.tui.cells import cell_len
from stillroom.tui.curves import Series
from stillroom.tui.job_lines import (
    aged,
    columns_of,
    follow_key,
    head_line,
    job_lines,
    look_words,
    money_words,
    other_lines,
    stage_lines,
    status_words,
    thing_line,
    title_lines,
    trouble_lines,
)

STAGES = (
    StageView("validation", "Completed", 240.0),
    StageView("data processing", "Completed", 360.0),
    StageView("training", "InProgress", 2400.0),
)
VIEW = JobView(
    "job-1", "lite-897", 897, "InProgress", "training", STAGES, 3000.0, 4200.0, Decimal("7.42"), True, None,
    None, False, "", "", 1000.0, "arn:job", {"epochCount": "5"},
)  # fmt: skip
THING = Thing(
    "job:job-1", JOB, "lite-897", "job-1", "running", "InProgress", Decimal("3.10"), "so far", True, 1000.0,
    ours=True, job=VIEW,
)  # fmt: skip
DETAILS = JobDetails(
    VIEW, 0.0, training_time(897, 5), {"epochCount": "5"}, "nova-lite", "us-east-1", "arn:role", 897, 1000,
    "s3://bucket/" + "x" * 200, "", "s3://bucket/out/", "", (), (), "",
)  # fmt: skip
PT = Thing(
    "throughput:a", THROUGHPUT, "somebodys", "arn:pt", "running", "bills", Decimal("108.15"), "an hour", True,
    990.0, ours=False, units=1, so_far=Decimal("216.30"),
)  # fmt: skip
COLUMNS = columns_of([THING], 80)
FOLLOWED = Followed("job", "job-1", "InProgress", 1010.0, 18.4, 0, "", "")


@given(st.text(), st.text(), st.integers(56, 150), st.sampled_from([JOB, MODEL, DEPLOYMENT, "odd kind"]))
def test_a_row_is_exactly_as_wide_as_asked(name: str, status: str, width: int, kind: str) -> None:
    thing = replace(THING, name=name, status=status, kind=kind, job=None)
    columns = columns_of([thing], width)
    assert cell_len(thing_line(thing, None, 1020.0, columns).plain) == width
    for unverified in (False, True):
        head = head_line(columns, unverified=unverified).plain
        assert cell_len(head) == width
        assert "money" in head


def test_a_name_takes_blanks_that_no_status_needs() -> None:
    narrow = columns_of([THING], 59)
    assert " lite-897  training " in thing_line(THING, None, 1020.0, narrow).plain
    later = replace(THING, job=replace(VIEW, stage="data processing"))
    assert columns_of([later], 59) == narrow
    ended = replace(THING, name="lite-897-22", state="done", status="Completed", job=None)
    assert " lite-897-22  Completed " in thing_line(ended, None, 1020.0, columns_of([ended], 59)).plain
    deleted = replace(THING, status="Completed", job=replace(VIEW, stage="", deleted=True))
    assert "Completed, deleted " in thing_line(deleted, None, 1020.0, columns_of([deleted], 59)).plain


def test_columns_stand_still_when_numbers_change() -> None:
    early = thing_line(THING, FOLLOWED, 1012.0, COLUMNS).plain
    late = thing_line(replace(THING, usd=Decimal("13.371")), FOLLOWED, 9012.0, COLUMNS).plain
    assert early.index("so far") == late.index("so far")
    assert early.endswith("2 s ago ")
    assert late.endswith("2 h ago ")
    assert thing_line(THING, FOLLOWED, 1012.0, COLUMNS, ascii_only=True).plain.isascii()


def test_foreign_things_are_named_as_such() -> None:
    assert status_words(PT) == "not ours: bills"
    assert money_words(PT) == "$108.15*/h"
    assert follow_key(PT) == ("account", "")
    assert "this project buys no provisioned throughput" in other_lines(PT, 100).plain


def test_unknown_statuses_are_shown_as_they_are() -> None:
    assert status_words(replace(THING, status="Hibernating", state="waiting")) == "Hibernating"
    unknown = replace(VIEW, stages=(StageView("validation", "Queued\x1b[31m", 0.0),))
    assert "(Queued\\x1b[31m)" in stage_lines(unknown, 100)[0].plain


def test_age_and_next_look_are_said() -> None:
    assert look_words(THING, FOLLOWED, 1052.0) == "seen 42 s ago, next look in 18 s"
    assert look_words(THING, replace(FOLLOWED, next_in=0.0), 1052.0) == "seen 42 s ago, looking"
    assert look_words(replace(THING, seen=None), None, 1052.0) == "never looked at"


def test_a_failing_look_says_why_and_what_to_do() -> None:
    failing = replace(FOLLOWED, failures=3, reason="The credentials have expired.", todo="aws sso login")
    said = trouble_lines(failing, 80).plain
    assert "looking failed 3 times: The credentials have expired." in said
    assert "aws sso login" in said
    assert "not looked" in thing_line(THING, failing, 1012.0, COLUMNS).plain
    assert trouble_lines(FOLLOWED, 80).plain == ""


def test_a_running_job_tells_time_so_far_and_what_is_left() -> None:
    assert "50 m 00 s so far, about 1 h 10 m left" in title_lines(THING, DETAILS, 100, seconds=0).plain
    assert "51 m 00 s so far, about 1 h 09 m left" in title_lines(THING, DETAILS, 100, seconds=60).plain
    outlasted = replace(DETAILS, view=replace(VIEW, left=None))
    assert "longer than the" in title_lines(THING, outlasted, 100, seconds=0).plain


@pytest.mark.parametrize("width", [40, 59, 62, 80])
def test_where_there_is_little_room_money_and_time_stay(width: int) -> None:
    lines = title_lines(THING, DETAILS, width, seconds=0).plain.splitlines()
    said = " ".join(" ".join(lines).split())
    assert "$3.10 so far (unverified) 50 m 00 s so far, about 1 h 10 m left" in said
    assert all(cell_len(line) <= width for line in lines)


def test_what_is_counted_as_spent_is_never_cut() -> None:
    said = " ".join(job_lines(DETAILS, [], 59, 20).plain.split())
    assert "counted as spent from its start: about $7.42, its likely cost in all" in said


def test_only_the_running_stage_ages() -> None:
    older = aged(VIEW, 60.0)
    assert [stage.seconds for stage in older.stages] == [240.0, 360.0, 2460.0]
    assert aged(replace(VIEW, status="Completed"), 60.0).elapsed == VIEW.elapsed


def test_a_failed_job_says_what_to_do_and_what_aws_said() -> None:
    failed = replace(VIEW, status="Failed", failure="A record is too long.", todo="Shorten the prompt.")
    said = job_lines(replace(DETAILS, view=failed, said="Input size [b]exceeded[/b]"), [], 80, 20).plain
    assert "✗ A record is too long." in said
    assert "Shorten the prompt." in said
    assert "Input size [b]exceeded[/b]" in said


@pytest.mark.parametrize("width", [58, 80, 140])
@pytest.mark.parametrize("drawn", [[], [Series("lite-897", [(float(x), 1 / (x + 1)) for x in range(50)])]])
def test_details_never_wrap(width: int, drawn: list[Series]) -> None:
    lines = job_lines(DETAILS, drawn, width, 12).plain.splitlines()
    assert all(cell_len(line) <= width for line in lines)
    assert "x" * 200 in "".join(line.strip() for line in lines)


@pytest.mark.parametrize("height", [12, 14, 28])
def test_a_curve_leaves_the_stages_in_sight(height: int) -> None:
    drawn = [Series("lite-897", [(float(x), 1 / (x + 1)) for x in range(50)])]
    lines = job_lines(DETAILS, drawn, 80, height).plain.splitlines()[:height]
    assert any("validation" in line for line in lines)
    assert any("● training" in line for line in lines)


def test_a_running_job_says_what_is_counted_as_spent() -> None:
    assert "counted as spent from its start: about $7.42" in job_lines(DETAILS, [], 80, 20).plain
    unpriced = replace(DETAILS, view=replace(VIEW, usd=None))
    ended = replace(DETAILS, view=replace(VIEW, status="Completed"))
    for details in (unpriced, ended):
        assert "counted as spent" not in job_lines(details, [], 80, 20).plain
