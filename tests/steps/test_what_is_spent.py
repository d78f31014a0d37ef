"""What has been spent is one figure, wherever it is shown, and the budget counts no less."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from tests.aws.loopback import reply, serving
from tests.steps.world import Box, as_if_aws, put, stillroom

from stillroom.errors import BudgetReached
from stillroom.labeling.values import Prompt
from stillroom.money import Amount
from stillroom.pictures import Side
from stillroom.project.writing import edit
from stillroom.steps.ask import AskModels
from stillroom.steps.costs import cost
from stillroom.steps.heading import heading
from stillroom.steps.hourly import hourly
from stillroom.steps.speeds import FACT as SPEEDS
from stillroom.steps.speeds import seconds_there, with_speed
from stillroom.steps.spent import keeping_price, spent_so_far
from stillroom.steps.standing import status
from stillroom.steps.students import Delete
from stillroom.steps.workspace import Workspace, open_workspace

MONTH = 730 * 3600.0


@pytest.fixture
def kept(distilled: Path, box: Box) -> Path:
    """A project whose students have been kept for a month, by a clock that runs as everybody's."""
    box.turn(speed=1.0)
    with open_workspace(distilled) as workspace:
        workspace.store.facts.put(SPEEDS, "[[0.0, 1.0]]")
        assert workspace.speed() == 1.0
        for row in workspace.store.students.all():
            _made(workspace, row.name, workspace.now() - MONTH)
    return distilled


def _made(workspace: Workspace, name: str, at: float) -> None:
    with workspace.store.database.writing() as connection:
        connection.execute("UPDATE students SET created = ? WHERE name = ?", (at, name))


def test_status_and_cost_say_the_same(kept: Path):
    told = stillroom("status", "--json", "--project", kept).ok().json
    reckoned = stillroom("cost", "--json", "--project", kept).ok().json
    (keeping,) = [one for one in reckoned["spent"] if one["step"] == "models kept"]
    assert keeping["usd"] == pytest.approx(2 * 1.95, abs=0.001)
    # The students go on to be kept between the two: not for a cent.
    assert told["spent_usd"] == pytest.approx(reckoned["spent_usd"], abs=0.001)
    assert reckoned["spent_usd"] == pytest.approx(sum(one["usd"] for one in reckoned["spent"]))


def test_on_a_sandbox_models_are_kept_up_to_now_by_its_clock(distilled: Path, box: Box):
    box.turn(speed=720.0)
    with open_workspace(distilled) as workspace:
        assert workspace.speed() == 720.0
        then = workspace.now()
    found = []
    for at in (then, then + MONTH / 720):
        with open_workspace(distilled, now=lambda at=at: at) as workspace:
            so_far = spent_so_far(workspace)
            assert so_far.as_of == at
            assert status(workspace).spent_usd == cost(workspace).spent_usd == so_far.usd
            assert heading(workspace).spent_usd == so_far.usd
            assert heading(workspace).unknown_usd == so_far.usd_unknown
            found.append((so_far.kept_usd, workspace.budget().spent))
    for first, later in zip(*found, strict=True):
        assert first is not None
        assert later == pytest.approx(first + Decimal("3.90"), abs=Decimal("0.001"))


def _two_dollars_left(distilled: Path, box: Box) -> float:
    """A budget of two dollars above what is spent; gives the time at which that holds."""
    box.turn(speed=720.0)
    with open_workspace(distilled) as workspace:
        workspace.speed()
        then, spent = workspace.now(), workspace.budget().spent
    put(distilled, "limits", "budget", float(round(spent + 2, 2)))
    return then


def test_a_plan_tells_what_keeping_leaves_of_the_budget(distilled: Path, box: Box):
    then = _two_dollars_left(distilled, box)
    little = Amount.exactly(Decimal("0.01"))
    with open_workspace(distilled, now=lambda: then) as workspace:
        assert workspace.budget_stop({"a call": little}) == ()
    with open_workspace(distilled, now=lambda: then + MONTH / 720) as workspace:
        (note,) = workspace.budget_stop({"a call": little})
        assert ", used up: $" in note


def test_what_is_kept_while_a_step_spends_counts_before_each_call(distilled: Path, box: Box):
    clock = [_two_dollars_left(distilled, box)]
    with open_workspace(distilled, now=lambda: clock[0]) as workspace, workspace.spending() as share:
        assert share.hold(Decimal("0.01"))
        clock[0] += MONTH / 720
        assert not share.hold(Decimal("0.01"))
        with pytest.raises(BudgetReached, match=r"\$0\.00 of the budget"):
            share.reserve(Amount.exactly(Decimal("0.01")), "training")


def test_what_was_kept_under_another_speed_stays(distilled: Path, box: Box):
    now = time.time()
    with open_workspace(distilled, now=lambda: now) as workspace:
        workspace.speed()
        before = spent_so_far(workspace).kept_usd
        assert before
        box.turn(speed=1.0)
        assert workspace.speed() == 1.0
        assert spent_so_far(workspace).kept_usd == before
        box.turn(speed=500_000.0)
        assert workspace.speed() == 500_000.0
        assert spent_so_far(workspace).kept_usd == before


def test_time_on_a_sandbox_is_that_of_every_speed_it_has_had():
    first = with_speed(None, 10.0, 100.0, before=None)
    assert first is not None
    assert with_speed(first, 10.0, 150.0, before=10.0) is None
    second = with_speed(first, 2.0, 200.0, before=10.0)
    assert second is not None
    assert seconds_there(second, 190.0, 210.0) == 10 * 10.0 + 10 * 2.0
    assert seconds_there(second, 210.0, 190.0) == 0
    remembered = with_speed(None, 2.0, 200.0, before=10.0)
    assert remembered == second  # a store that knew but its latest speed


def test_a_clock_that_was_set_back_counts_no_hour_twice():
    ahead = with_speed(with_speed(None, 10.0, 100.0, before=None), 2.0, 9000.0, before=10.0)
    history = with_speed(ahead, 5.0, 200.0, before=2.0)
    assert history is not None
    assert seconds_there(history, 100.0, 300.0) == 100 * 10 + 100 * 5


def test_on_aws_it_grows_for_as_long_as_students_are_kept(kept: Path):
    as_if_aws(kept)
    with open_workspace(kept, now=lambda: 4_000_000_000.0) as workspace:
        found = spent_so_far(workspace)
        assert found.as_of == 4_000_000_000.0
        assert found.kept_usd > 100
        assert found.usd is not None
        assert found.kept_usd == found.usd - sum(
            (line.usd for line in found.lines if line.step != "models kept"), Decimal(0)
        )


def test_what_keeping_costs_is_said_beside_the_sum(kept: Path):
    for verb in ("status", "cost"):
        assert "$3.90 of it for keeping students, as of 20" in stillroom(verb, "--project", kept).ok().out


def test_where_keeping_grows_faster_the_sum_says_so(distilled: Path, box: Box):
    box.turn(speed=720.0)
    with open_workspace(distilled) as workspace:
        assert workspace.speed() == 720.0
    faster = "(the sandbox's time runs 720 times as fast)"
    for verb in ("status", "cost"):
        assert faster in stillroom(verb, "--project", distilled).ok().out
    assert "Its time runs 720 times as fast." in _page(distilled)
    box.turn(speed=1.0)
    with open_workspace(distilled) as workspace:
        assert workspace.speed() == 1.0
    for verb in ("status", "cost"):
        said = stillroom(verb, "--project", distilled).ok().out
        assert "of it for keeping students" in said
        assert "as fast" not in said
    assert "as fast" not in _page(distilled)


def _page(root: Path) -> str:
    stillroom("report", "--output", root / "page.html", "--project", root).ok()
    return (root / "page.html").read_text()


def test_a_run_and_what_is_left_are_one_sum(project: Path):
    stillroom("scan", "-q", "--project", project).ok()
    left = stillroom("cost", "--json", "--project", project).ok().json
    plan = stillroom("run", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert plan["price"] == left["left_usd"]
    assert [one["step"] for one in left["left"]][:2] == ["label teacher", "upload"]


def test_the_budget_counts_what_the_students_cost_to_keep(kept: Path):
    now = time.time()
    with open_workspace(kept, now=lambda: now) as workspace:
        for row in workspace.store.students.all():
            _made(workspace, row.name, workspace.now() - MONTH)
        reckoned = cost(workspace)
        assert status(workspace).spent_usd == reckoned.spent_usd
        assert workspace.budget().spent == reckoned.spent_high_usd
        trained = workspace.store.jobs.all()
        assert reckoned.spent_usd is not None
        higher = sum(
            (job.usd_high - job.usd for job in trained if job.usd_high is not None and job.usd is not None),
            Decimal(0),
        )
        assert higher > 0
        assert reckoned.spent_high_usd == reckoned.spent_usd + reckoned.spent_unknown_usd + higher
        assert reckoned.spent_usd >= Decimal("3.90")


def test_a_budget_that_keeping_students_has_used_up_allows_no_call(kept: Path):
    put(kept, "limits", "budget", 3.0)
    edit(kept / "stillroom.toml", "prompt", "user", "Name what you see, as keywords.")
    stillroom("label", "untuned", "-yq", "--project", kept).refused(5, "budget")


def test_prices_of_keeping_models_are_those_of_the_region(kept: Path):
    with open_workspace(kept) as workspace:
        with workspace.store.database.writing() as connection:
            connection.execute("UPDATE students SET arn = replace(arn, 'us-east-1', 'eu-west-1')")
        (row, *_) = workspace.store.students.all()
        price = keeping_price(workspace, row.base_model, row.arn)
        assert (price.region, price.unverified, price.amount) == ("eu-west-1", True, Decimal("1.95"))
        (saves,) = [line for line in Delete(row.name).plan(workspace).lines if line.label == "saves"]
        assert saves.value == "$1.95 a month (unverified)"


def test_prices_of_provisioned_throughput_are_those_of_the_region(
    project: Path, monkeypatch: pytest.MonkeyPatch
):
    arn = "arn:aws:bedrock:eu-west-1:111122223333:provisioned-model/abcdefghijkl"
    base = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0:300k"
    held = {
        "provisionedModelName": "far-away", "provisionedModelArn": arn, "modelArn": base, "modelUnits": 1,
        "foundationModelArn": base, "desiredModelArn": base, "desiredModelUnits": 1, "status": "InService",
        "creationTime": "2026-01-01T00:00:00Z", "lastModifiedTime": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    put(project, "aws", "region", "eu-west-1")
    with serving(lambda call: reply(call, 200, {"provisionedModelSummaries": [held]})) as elsewhere:
        put(project, "aws", "endpoint_url", elsewhere.url)
        with open_workspace(project) as workspace:
            workspace.look_for_bills()
            (one,) = hourly(workspace)
            assert (one.rate, one.unverified) == ("$108.15 an hour (unverified)", True)
            assert "a month, unverified" in workspace.billing_lines()[0]
        assert "$108.15 an hour (unverified)" in stillroom("status", "--project", project).ok().out


def test_throughput_under_a_commitment_is_not_shown_at_the_price_without(
    project: Path, monkeypatch: pytest.MonkeyPatch
):
    base = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-2-lite-v1:0:256k"
    held = [
        {
            "provisionedModelName": name, "modelArn": base, "modelUnits": 1, "foundationModelArn": base,
            "provisionedModelArn": f"arn:aws:bedrock:us-east-1:111122223333:provisioned-model/{name}",
            "desiredModelArn": base, "desiredModelUnits": 1, "status": "InService",
            "creationTime": "2026-01-01T00:00:00Z", "lastModifiedTime": "2026-01-01T00:00:00Z", **committed,
        }
        for name, committed in (
            ("free", {}),
            ("a-month", {"commitmentDuration": "OneMonth"}),
            ("half-a-year", {"commitmentDuration": "SixMonths"}),
            ("for-ever", {"commitmentDuration": "Decade"}),
        )
    ]  # fmt: skip
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with serving(lambda call: reply(call, 200, {"provisionedModelSummaries": held})) as elsewhere:
        put(project, "aws", "endpoint_url", elsewhere.url)
        with open_workspace(project) as workspace:
            workspace.look_for_bills()
            shown = {one.name: (one.rate, one.unverified) for one in hourly(workspace)}
            lines = workspace.billing_lines()
    assert shown["free"] == ("$60.50 an hour", False)
    assert shown["a-month"] == ("$55.00 an hour", False)
    for name, line in zip(("half-a-year", "for-ever"), lines[2:], strict=True):
        assert shown[name] == ("unknown an hour (unverified)", True)
        assert f"{name} bills unknown an hour (unknown a month" in line


def test_a_plan_to_ask_says_what_the_budget_stops(distilled: Path):
    put(distilled, "limits", "budget", 0.0001)
    with open_workspace(distilled) as workspace:
        path = workspace.store.pictures.contents((Side.TEST,))[0].path
        other = Prompt("", "Other words, please.")
        (stop,) = AskModels((path,), ("teacher",), other).plan(workspace).stops
        assert stop.startswith("Budget $0.0001, used up: $")
        assert AskModels((path,), ("teacher",)).plan(workspace).stops == ()  # it has answered


def test_what_s3_takes_stops_no_run_for_the_budget(project: Path):
    at = ("--project", project)
    for words in (("setup", "-y"), ("run", "--until", "validate", "-y")):
        stillroom(*words, "-q", *at).ok()
    with open_workspace(project) as workspace:
        put(project, "limits", "budget", float(workspace.budget().spent))
    plan = stillroom("run", "--until", "upload", "--dry-run", "--json", *at).ok().json["plan"]
    assert (plan["count"], plan["stops"]) == (1, [])
    stillroom("run", "--until", "upload", "-yq", *at).ok()
