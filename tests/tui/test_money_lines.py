"""The Costs screen as lines: aligned, honest about what is reckoned or unknown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from stillroom.money import Amount
from stillroom.report import CostLine
from stillroom.steps.cost_views import CostsView, PriceView
from stillroom.steps.costs import CostResult, PriceUsed
from stillroom.tui.cells import cell_len
from stillroom.tui.money_lines import budget_lines, difference, price_lines, steps_lines

RECKONED = "reckoned, not measured: the bill decides"
LINES = (
    CostLine(
        "label teacher", "", Decimal("1.00"), Decimal("1.09"), Decimal("1.20"), Decimal("1.12"), seconds=252.0
    ),
    CostLine(
        "train lite-897",
        "",
        Decimal("5"),
        Decimal("6"),
        Decimal("7"),
        Decimal("7.42"),
        seconds=7200.0,
        note=RECKONED,
        reckoned=True,
    ),
    CostLine("label lite-897", "", None, None, None, None, done=False),
    CostLine(
        "ask \x1b[31mwild [b]name[/b]", "", Decimal("1"), Decimal("1"), Decimal("1"), None, seconds=None
    ),
)


def view(*, lines: tuple[CostLine, ...] = LINES, budget: str | None = None, spent: str = "8.54") -> CostsView:
    result = CostResult(
        left=(),
        left_usd=Amount.exactly(Decimal(0)),
        spent=(),
        spent_usd=Decimal(spent),
        spent_kept_usd=Decimal(0),
        spent_as_of=0.0,
        spent_unknown_usd=Decimal(0),
        spent_high_usd=Decimal(spent),
        budget_usd=None if budget is None else Decimal(budget),
        prices=(),
        remarks=(),
        s3_files=0,
        s3_bytes=0,
        s3_usd=Decimal(0),
        s3_unverified=False,
        monthly_usd=Amount.exactly(Decimal("1.95")),
    )
    return CostsView(lines, result, (), sandbox=True, hourly=())


@pytest.mark.parametrize("width", [58, 80, 140])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_steps_stand_in_columns(width: int, ascii_only: bool) -> None:
    rows = steps_lines(view(), width, ascii_only=ascii_only).plain.splitlines()
    assert all(cell_len(row) <= width for row in rows)
    assert "\x1b" not in "\n".join(rows)
    teacher = next(row for row in rows if "label teacher" in row)
    train = next(row for row in rows if row.startswith(" train"))
    assert teacher.index("$1.12") + len("$1.12") == train.index("~$7.42") + len("~$7.42")
    if ascii_only:
        assert "\n".join(rows).isascii()


def test_what_rests_on_an_unverified_price_is_marked_and_stays_in_line() -> None:
    lines = (LINES[0], replace(LINES[1], unverified=True), replace(LINES[2], unverified=True))
    rows = steps_lines(view(lines=lines), 80).plain.splitlines()
    teacher, train, unknown = (next(row for row in rows if row.startswith(f" {line.step}")) for line in lines)
    assert "*" not in teacher
    assert "$6.00*" in train
    assert "~$7.42*" in train
    assert teacher.index("$1.12") + len("$1.12") == train.index("~$7.42") + len("~$7.42")
    assert "*" not in unknown, "what is unknown is no price"
    assert " * unverified price" in rows
    assert not any("*" in row for row in steps_lines(view(lines=LINES[:1]), 80).plain.splitlines())


def test_a_total_with_unknown_parts_is_a_lower_bound() -> None:
    rows = steps_lines(view(), 80).plain.splitlines()
    total = next(row for row in rows if row.startswith(" total"))
    assert ">= $8.09" in total
    assert ">= $8.54" in total


@pytest.mark.parametrize(
    ("likely", "actual", "said"),
    [("1.09", "1.12", "+$0.03"), ("2", "1.5", "-$0.50"), ("0.062", "0.0625", "+0.8%"), ("1", "1", "0.0%")],
)
def test_a_difference_is_signed_money_and_below_a_cent_per_cent(likely: str, actual: str, said: str) -> None:
    assert difference(CostLine("a", "", Decimal(0), Decimal(likely), Decimal(9), Decimal(actual))) == said


def test_a_difference_from_nothing_known_is_empty() -> None:
    assert difference(CostLine("a", "", None, None, None, Decimal(1))) == ""
    assert difference(CostLine("a", "", Decimal(1), Decimal(1), Decimal(1), None, done=False)) == ""


def test_what_is_reckoned_has_no_difference_from_its_estimate() -> None:
    assert difference(LINES[1]) == ""


def test_what_is_not_counted_and_what_ends_the_keeping_are_said() -> None:
    said = steps_lines(replace(view(), not_counted="Not counted: S3, about $0.0013."), 80).plain
    assert "Not counted: S3, about $0.0013." in said
    assert "$1.95 a month, used or not, until stillroom delete NAME" in budget_lines(view(), 80).plain


def test_a_project_that_has_spent_nothing_says_so() -> None:
    assert "Nothing has been estimated or spent yet." in steps_lines(view(lines=()), 80).plain


def test_the_budget_says_what_happens_when_it_is_reached() -> None:
    said = budget_lines(view(budget="50"), 80).plain
    assert "17% of it gone" in said
    assert "Work stops before a call that could pass it; what is done is kept." in " ".join(said.split())
    assert "exit code" not in said, "nothing here has one"
    assert "limits.budget" in said
    assert "passed by $3.54" in budget_lines(view(budget="5"), 80).plain
    assert "passed by $8.54" in budget_lines(view(budget="0"), 80).plain


def test_what_counts_as_gone_stands_below_the_sum_that_it_differs_from() -> None:
    shown = view(budget="50")
    more = replace(shown.result, spent_high_usd=Decimal("9"), spent_unknown_usd=Decimal("0.13"))
    rows = steps_lines(replace(shown, result=more), 80).plain.splitlines()
    total = next(number for number, row in enumerate(rows) if row.startswith(" total"))
    said = " ".join(row.strip() for row in rows[total + 1 : total + 4])
    assert said.startswith("Budget $50.00, of which $9.00 count as gone, $41.00 left: training counts at its")
    assert "Counted in it: up to $0.13 of unknown cost." in said
    assert (
        "Beside it: up to $0.13"
        in steps_lines(replace(shown, result=replace(more, budget_usd=None)), 80).plain
    )


def test_without_a_budget_nothing_stops_by_itself() -> None:
    assert "nothing stops by itself" in budget_lines(view(), 80).plain


def test_a_price_names_source_date_doubt_and_the_key_that_overrides_it() -> None:
    price = PriceUsed(
        "training of lite", Decimal("0.002"), "1K tokens", "public write-ups", "2025-05", True, "a guess"
    )
    said = price_lines([PriceView(price, 'prices."lite"', "training")], (), 80).plain
    for part in ("$0.002 per 1K tokens", "unverified", "public write-ups", "2025-05", "a guess"):
        assert part in said
    assert '[prices."lite"] training' in said


def test_an_unknown_price_is_unknown() -> None:
    price = PriceUsed("hour", None, "model-unit-hour", "", "", True, "no price for this model")
    assert "unknown" in price_lines([PriceView(price, 'prices."x"', "hour")], (), 80).plain


@pytest.mark.parametrize("width", [58, 140])
def test_what_the_command_remarks_on_prices_the_screen_tells_too(width: int) -> None:
    remark = '[prices."nova"] counts for nothing so far: the project uses no such model. ' * 2
    lines = price_lines((), (remark,), width).plain.splitlines()
    assert remark.strip() in " ".join(line.strip() for line in lines)
    assert all(cell_len(line) <= width for line in lines)


def test_runs_of_one_name_are_told_apart_in_a_small_terminal() -> None:
    runs = tuple(replace(LINES[0], step=f"label teacher, run {number}") for number in (1, 2))
    text = steps_lines(view(lines=runs), 60).plain
    assert "run 1 " in text
    assert "run 2 " in text


def test_a_sandbox_says_how_fast_its_time_runs() -> None:
    text = steps_lines(replace(view(), speed=720.0), 80).plain
    assert "Its time runs 720 times as fast." in text
    assert "as fast" not in steps_lines(view(), 80).plain
