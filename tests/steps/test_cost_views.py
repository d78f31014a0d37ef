"""Costs for people: the estimate that was agreed to beside what it cost, and where prices are overridden."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import Box, draw, gallery, make, put, stillroom

from stillroom.money.prices import Kind
from stillroom.project.writing import edit
from stillroom.steps.cost_views import costs_view, not_counted_words, told_apart
from stillroom.steps.costs import cost
from stillroom.steps.labeling import Label
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import open_workspace


def test_every_step_has_its_agreed_estimate_its_cost_and_its_time(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        lines = {line.step: line for line in costs_view(workspace).lines if line.done}
    for step in ("label teacher", "label untuned", "train lite-10", "label lite-10"):
        line = lines[step]
        assert line.likely is not None
        assert line.actual is not None
        assert line.seconds is not None


def test_what_is_still_to_come_is_not_done(project: Path) -> None:
    with open_workspace(project) as workspace:
        assert not [line for line in costs_view(workspace).lines if line.done]


def test_each_price_can_be_overridden_where_it_says(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        prices = costs_view(workspace).prices
    file = distilled / "stillroom.toml"
    tables: dict[str, set[str]] = {}
    for view in prices:
        assert view.key in {kind.value for kind in Kind}
        tables.setdefault(view.table, set()).add(view.key)
    text = "".join(
        f"[{table}]\n" + "".join(f"{key} = 0.5\n" for key in sorted(keys)) for table, keys in tables.items()
    )
    file.write_text(file.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    with open_workspace(distilled) as workspace:
        for view in costs_view(workspace).prices:
            assert view.price.usd == pytest.approx(0.5)
            assert view.price.source == "project file"


def test_the_budget_is_the_projects(distilled: Path) -> None:
    put(distilled, "limits", "budget", 12.5)
    with open_workspace(distilled) as workspace:
        result = costs_view(workspace).result
    assert result.budget_usd == pytest.approx(12.5)
    assert result.spent_high_usd > 0


def likely(root: Path, step: str) -> list[Decimal]:
    """The estimates of a step's runs that have begun."""
    with open_workspace(root) as workspace:
        lines = [
            line.likely for line in costs_view(workspace).lines if line.done and line.step.startswith(step)
        ]
    return [one for one in lines if one is not None]


def spent(root: Path, step: str) -> Decimal:
    with open_workspace(root) as workspace:
        return next(line.usd for line in workspace.store.spending.lines() if line.step == step)


def planned(root: Path, *words: str) -> Decimal:
    """What a plan says now."""
    said = stillroom("label", *words, "--dry-run", "--json", "--project", root).ok().json["plan"]
    return Decimal(str(said["price"]["likely"]))


def label(root: Path, *words: str) -> None:
    stillroom("label", *words, "-yq", "--project", root).ok()


@pytest.fixture
def scanned(project: Path) -> Path:
    stillroom("scan", "-q", "--project", project).ok()
    return project


def test_five_pictures_first_and_then_the_rest_are_estimated_as_one(scanned: Path) -> None:
    first = planned(scanned, "teacher", "--limit", "5")
    label(scanned, "teacher", "--limit", "5")
    assert likely(scanned, "label teacher") == pytest.approx([first])
    rest = planned(scanned, "teacher")
    label(scanned, "teacher")
    assert likely(scanned, "label teacher") == pytest.approx([first + rest])
    assert likely(scanned, "label teacher")[0] == pytest.approx(
        spent(scanned, "label teacher"), rel=Decimal("0.2")
    )


def test_parts_keep_the_estimates_from_before_they_were_paid(scanned: Path) -> None:
    with open_workspace(scanned) as workspace:
        whole, five = Label("teacher").plan(workspace), Label("teacher", limit=5)
        workspace.agreed(whole)
        five.execute(workspace, five.plan(workspace), Watch())  # and then it was interrupted
    two = planned(scanned, "teacher", "--limit", "2")
    label(scanned, "teacher", "--limit", "2")
    assert whole.price.likely is not None
    agreed = whole.price.likely * 5 / whole.count + two
    assert likely(scanned, "label teacher") == pytest.approx([agreed])
    with open_workspace(scanned) as workspace:
        (line,) = (one for one in costs_view(workspace).lines if one.done)
    assert line.low is not None
    assert line.high is not None
    assert line.high > agreed * Decimal("1.1") > line.low


def test_what_was_planned_and_not_done_counts_once(scanned: Path) -> None:
    with open_workspace(scanned) as workspace:
        plan = Label("teacher").plan(workspace)
        workspace.agreed(plan)  # and then it was interrupted before anything was asked
    label(scanned, "teacher")
    assert likely(scanned, "label teacher") == pytest.approx([plan.price.likely])
    with open_workspace(scanned) as workspace:
        workspace.agreed(plan)
    assert likely(scanned, "label teacher") == pytest.approx([plan.price.likely])


def test_each_prompt_has_the_estimate_that_was_agreed_for_it(scanned: Path) -> None:
    label(scanned, "teacher", "--limit", "2")
    before = likely(scanned, "label teacher")
    with open_workspace(scanned) as workspace:
        other = workspace.settings.prompt.prompt.user + " Be brief."
    edit(scanned / "stillroom.toml", "prompt", "user", other)
    wanted = planned(scanned, "teacher")
    label(scanned, "teacher")
    assert likely(scanned, "label teacher") == pytest.approx([*before, wanted])


def test_what_is_left_of_a_plan_that_was_broken_off_is_estimated_once(scanned: Path) -> None:
    with open_workspace(scanned) as workspace:
        whole, five = Label("teacher").plan(workspace), Label("teacher", limit=5)
        workspace.agreed(whole)
        five.execute(workspace, five.plan(workspace), Watch())  # and then it was interrupted
        lines = {line.step: line.likely for line in costs_view(workspace).lines}
    done, rest = lines["label teacher"], lines["label teacher, rest"]
    assert whole.price.likely is not None
    assert done is not None
    assert rest is not None
    assert done == pytest.approx(whole.price.likely * 5 / whole.count)
    assert done + rest == pytest.approx(whole.price.likely, rel=Decimal("0.2"))


@pytest.mark.parametrize("how", ["imported", "left out"])
def test_what_needs_no_asking_any_more_is_no_share_of_a_plan_that_was_broken_off(
    scanned: Path, how: str
) -> None:
    with open_workspace(scanned) as workspace:
        whole, five = Run(until="label").plan(workspace), Label("teacher", limit=5)
        workspace.agreed(whole)
        five.execute(workspace, five.plan(workspace), Watch())  # and then it was interrupted
        left = [row.path for row in Label("teacher").plan(workspace).rows]
    before = likely(scanned, "label teacher")
    if how == "imported":
        file = scanned / "labels.jsonl"
        file.write_text("".join(f'{{"image": "{name}", "label": "sea, sky, sand"}}\n' for name in left))
        stillroom("import", "labels", file, "-yq", "--project", scanned).ok()
    else:
        stillroom("exclude", *left, "-yq", "--project", scanned).ok()
    assert likely(scanned, "label teacher") == before


def test_a_run_that_was_broken_off_keeps_its_estimate_when_other_settings_are_present(scanned: Path) -> None:
    for limit in (5, 3):
        with open_workspace(scanned) as workspace:
            workspace.agreed(Label("teacher").plan(workspace))
            part = Label("teacher", limit=limit)
            part.execute(workspace, part.plan(workspace), Watch())  # and then it was interrupted
    before = likely(scanned, "label teacher")
    edit(scanned / "stillroom.toml", "teacher", "temperature", 0.9)
    assert likely(scanned, "label teacher") == before


def run_to_labels(root: Path) -> list[Decimal]:
    """Go through the flow up to labeling; the teacher's estimates after it."""
    stillroom("run", "--until", "label", "-yq", "--project", root).ok()
    return likely(root, "label teacher")


def test_a_finished_run_keeps_its_estimate_when_pictures_are_added(box: Box, tmp_path: Path) -> None:
    root = make(tmp_path / "project", gallery(tmp_path / "pictures"), box)
    before = run_to_labels(root)
    assert len(before) == 1
    for number in range(30):
        draw(tmp_path / "pictures" / f"new{number}.jpg", 1000 + number)
    stillroom("scan", "-q", "--project", root).ok()
    assert likely(root, "label teacher") == before
    edit(root / "stillroom.toml", "teacher", "temperature", 0.9)
    assert likely(root, "label teacher") == before


def test_pictures_that_are_taken_back_in_are_estimated_by_the_plan_that_asks_about_them(
    scanned: Path,
) -> None:
    stillroom("exclude", "path:p0*.jpg", "-yq", "--project", scanned).ok()
    (before,) = run_to_labels(scanned)
    stillroom("include", "path:p0*.jpg", "-yq", "--project", scanned).ok()
    rest = planned(scanned, "teacher")
    label(scanned, "teacher")
    assert likely(scanned, "label teacher") == pytest.approx([before + rest])


def test_a_run_of_the_whole_flow_that_was_broken_off_is_estimated_for_its_share(scanned: Path) -> None:
    with open_workspace(scanned) as workspace:
        whole, five = Run(until="label").plan(workspace), Label("teacher", limit=5)
        workspace.agreed(whole)
        five.execute(workspace, five.plan(workspace), Watch())  # and then it was interrupted
    agreed = whole.steps["label teacher"].likely
    assert agreed is not None
    assert likely(scanned, "label teacher") == pytest.approx([agreed * 5 / whole.about["label teacher"]])


def test_a_run_of_an_early_store_that_does_not_tell_how_many_it_was_about(scanned: Path) -> None:
    with open_workspace(scanned) as workspace:
        whole, five = Run(until="label").plan(workspace), Label("teacher", limit=5)
        workspace.agreed(replace(whole, about={}))
        five.execute(workspace, five.plan(workspace), Watch())  # and then it was interrupted
    agreed = whole.steps["label teacher"].likely
    assert agreed is not None
    assert likely(scanned, "label teacher") == pytest.approx([agreed * 5 / 30])


def test_calls_that_were_throttled_have_done_no_share_of_a_plan(scanned: Path, box: Box) -> None:
    box.turn(seed=1, faults={"throttle": 0.6})  # of a dozen calls none at all once in 60,000 times
    with open_workspace(scanned) as workspace:
        whole, part = Label("teacher").plan(workspace), Label("teacher", limit=12)
        workspace.agreed(whole)
        part.execute(workspace, part.plan(workspace), Watch())  # and then it was interrupted
        box.turn(faults={"throttle": 0.0})
        (spent,) = (line for line in workspace.store.spending.lines() if line.step == "label teacher")
        lines = {line.step: line.likely for line in costs_view(workspace).lines}
    assert spent.attempts > spent.calls > 0
    done = lines["label teacher"]
    assert whole.price.likely is not None
    assert done == pytest.approx(whole.price.likely * spent.calls / whole.count)


def rows(root: Path) -> list[tuple[str, bool]]:
    with open_workspace(root) as workspace:
        lines = costs_view(workspace).lines
        assert len({line.step for line in lines}) == len(lines)
    return [(line.step, line.done) for line in lines]


def test_what_is_left_of_a_run_and_a_run_anew_are_told_from_what_is_done(scanned: Path) -> None:
    label(scanned, "teacher", "--limit", "5")
    assert [row for row in rows(scanned) if "teacher" in row[0]] == [
        ("label teacher", True), ("label teacher, rest", False),
    ]  # fmt: skip
    edit(scanned / "stillroom.toml", "prompt", "user", "List the keywords.")
    assert ("label teacher, anew", False) in rows(scanned)
    label(scanned, "teacher", "--limit", "2")
    assert [row for row in rows(scanned) if "teacher" in row[0]] == [
        ("label teacher, run 1", True), ("label teacher, run 2", True), ("label teacher, rest", False),
    ]  # fmt: skip


def test_jobs_of_one_name_are_counted_as_jobs(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        lines = [line for line in workspace.store.spending.lines() if line.step == "train lite-10"]
    assert told_apart(lines * 2) == ["train lite-10, job 1", "train lite-10, job 2"]


def test_what_the_sums_leave_out_is_said(distilled: Path, project: Path) -> None:
    with open_workspace(distilled) as workspace:
        said = costs_view(workspace).not_counted
    assert said.startswith("Not counted: S3, about $0.0")
    with open_workspace(project) as workspace:
        assert costs_view(workspace).not_counted == ""


def test_what_the_sums_leave_out_may_have_no_price(project: Path) -> None:
    with open_workspace(project) as workspace:
        result = replace(cost(workspace), s3_files=1, s3_bytes=2_000_000, s3_usd=None)
    assert not_counted_words(result) == (
        "Not counted: S3, at a price that is unknown for sending 1 file (2.0 MB) and keeping it a month."
    )


def test_the_keeping_of_models_is_called_so(distilled: Path) -> None:
    assert ("models kept", True) in rows(distilled)


def test_a_prompt_that_was_tried_has_the_estimate_that_was_agreed_for_it(scanned: Path) -> None:
    (scanned / "try.txt").write_text("Name what you see, as keywords.")
    words = ("ask", "p00.jpg", "--prompt", scanned / "try.txt", "--project", scanned)
    said = stillroom(*words, "--dry-run", "--json").ok().json["plan"]
    stillroom(*words, "-yq").ok()
    assert likely(scanned, "ask teacher") == pytest.approx([Decimal(str(said["price"]["likely"]))])


def test_an_ask_about_one_of_many_counts_whole_and_a_tried_prompt_once_it_labels(scanned: Path) -> None:
    with open_workspace(scanned) as workspace:
        own = workspace.settings.prompt.prompt
    other = own.user + " Be brief."
    for user, step in ((own.user, "label teacher"), (other, "ask teacher")):
        (scanned / "try.txt").write_text(user)
        words = ("ask", "p00.jpg", "--prompt", scanned / "try.txt", "--project", scanned)
        agreed = stillroom(*words, "--dry-run", "--json").ok().json["plan"]["price"]["likely"]
        stillroom(*words, "-yq").ok()
        assert likely(scanned, step)[-1] == pytest.approx(Decimal(str(agreed)))
    before, tried = likely(scanned, "label teacher")[0], likely(scanned, "ask teacher")[0]
    edit(scanned / "stillroom.toml", "prompt", "user", other)
    label(scanned, "teacher", "--limit", "2")
    kept = likely(scanned, "label teacher")
    assert len(kept) == 2
    assert kept[0] == pytest.approx(before)
    assert tried < kept[1] < 4 * tried


def test_every_model_that_was_paid_for_has_its_price_and_says_whose(scanned: Path) -> None:
    label(scanned, "us.amazon.nova-2-lite-v1:0", "--limit", "1")
    file = scanned / "stillroom.toml"
    own = '[prices."us.amazon.nova-2-lite-v1:0"]\ninput = 0.5\n'
    file.write_text(file.read_text(encoding="utf-8") + "\n" + own, encoding="utf-8")
    prices = stillroom("cost", "--json", "--project", scanned).ok().json["prices"]
    said = {price["what"]: (price["usd"], price["source"]) for price in prices}
    assert said["us.amazon.nova-2-lite-v1:0, input"] == (0.5, "project file")
    assert "us.amazon.nova-2-lite-v1:0, output" in said
    with open_workspace(scanned) as workspace:
        view = next(one for one in costs_view(workspace).prices if one.price.what.endswith("v1:0, input"))
        last = costs_view(workspace).prices[-1]
    assert view.key == "input"
    assert (last.table, last.key) == ('prices."us.amazon.nova-2-lite-v1:0"', "output")
    page = Path(stillroom("report", "--json", "--project", scanned).ok().json["path"]).read_text()
    assert "own price" in page
    assert "Prices as they are now; what was paid earlier keeps the prices" in page
