"""What the Costs screen says, as lines: the steps, the budget, the prices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from stillroom.money import Budget, usd
from stillroom.money.amounts import LEGEND, MARK, rate
from stillroom.money.prices import OWN
from stillroom.report import CostLine
from stillroom.steps.cost_views import CostsView, PriceView
from stillroom.steps.speeds import faster_words
from stillroom.tui.cells import cell_len, fit, safe, span, symbols, wrap
from stillroom.tui.keymap import key_of
from stillroom.tui.plots import Bar, bars
from stillroom.tui.sheet import ACCENT, GOOD, QUIET, STRONG, WARN, Sheet

_MONEY, _TIME, _PRICE = 10, 10, 24
_LEAST_STEP, _MOST_STEP, _LEAST_BAR = 16, 28, 8
_CENT = Decimal("0.01")
_WARNING_SHARE = Decimal("0.8")
"""Of the budget: from here on it is said that it may be reached."""


def steps_lines(view: CostsView, width: int, *, ascii_only: bool = False) -> Sheet:
    """Estimate, actual, difference and time of every step, with a bar where there is room."""
    sheet = Sheet()
    if view.sandbox:
        faster = faster_words(view.speed)
        said = f" Its {faster}." if faster else ""
        _say(sheet, f"Sandbox money: AWS charges nothing for this.{said}", width, QUIET)
    if not view.lines:
        sheet.append("\n Nothing has been estimated or spent yet.\n\n", ACCENT)
        return sheet.append(" Once pictures are scanned, every step that costs something is listed here.\n")
    step = min(_MOST_STEP, max(_LEAST_STEP, *(cell_len(safe(line.step)) for line in view.lines)))
    bar = width - step - 3 * (_MONEY + 1) - _TIME - 6
    if bar < _LEAST_BAR:
        step, bar = min(step, width - 3 * (_MONEY + 1) - _TIME - 2), 0
    head = fit("step", step) + " " + "".join(
        fit(word, size, align="right") + " "
        for word, size in (("estimate", _MONEY), ("actual", _MONEY), ("difference", _MONEY), ("time", _TIME))
    )  # fmt: skip
    sheet.append(f" {head.rstrip()}\n", QUIET)
    drawn = _bars(view.lines, bar, ascii_only=ascii_only)
    for number, line in enumerate(view.lines):
        _step(sheet, line, step, ascii_only=ascii_only)
        if bar:
            sheet.append("  ").extend(drawn[number])
        sheet.append("\n")
    _total(sheet, view, step)
    _gone(sheet, view, width)
    if bar:
        stroke = "|" if ascii_only else "│"
        sheet.append(f" {stroke} across a bar is the estimate that was agreed to\n", QUIET)
    if any(line.done and line.reckoned and line.at_most is None for line in view.lines):
        sheet.append(" ~ is reckoned, not measured: AWS's bill decides\n", QUIET)
    if any(line.at_most is not None for line in view.lines):
        sheet.append(" ≤ is the most it can have cost: what AWS bills is not known\n", QUIET)
    if any(line.unverified for line in view.lines):
        sheet.append(f" {LEGEND}\n", QUIET)
    if view.not_counted:
        _say(sheet, view.not_counted, width, QUIET)
    return sheet


def _step(sheet: Sheet, line: CostLine, step: int, *, ascii_only: bool) -> None:
    more = symbols(ascii_only).more
    sheet.append(" " + fit(line.step, step, cut="middle", more=more) + " ", STRONG if line.done else QUIET)
    # Where the mark stands is blank in other rows: amounts stay in line.
    sheet.append(fit(usd(line.likely), _MONEY, align="right") + _mark(line, line.likely), QUIET)
    guess = "~" if line.done and line.reckoned else ""
    actual = guess + usd(line.actual) if line.done else "not yet"
    if line.at_most is not None:
        actual = f"≤ {usd(line.at_most)}"
    marked = _mark(line, line.actual if line.at_most is None else line.at_most)
    sheet.append(fit(actual, _MONEY, align="right") + marked, STRONG if line.done else QUIET)
    sheet.append(fit(difference(line), _MONEY, align="right") + " ", _difference_style(line))
    took = "" if line.seconds is None else span(line.seconds)
    sheet.append(fit(took if line.done else f"~{took}" if took else "", _TIME, align="right"), QUIET)


def _mark(line: CostLine, amount: Decimal | None) -> str:
    return MARK if line.unverified and amount is not None else " "


def difference(line: CostLine) -> str:
    """How far the actual cost is from the estimate, signed: below a cent in per cent; empty where unknown.

    What is reckoned has none: it would be an estimate's difference from itself.
    """
    if not line.done or line.actual is None or line.likely is None or line.reckoned:
        return ""
    change = line.actual - line.likely
    sign = "+" if change > 0 else "-" if change < 0 else ""
    if abs(change) >= _CENT or not line.likely:
        return f"{sign}{usd(abs(change))}"
    return f"{sign}{abs(change) / line.likely:.1%}"


def _difference_style(line: CostLine) -> str:
    if not line.done or line.actual is None or line.high is None:
        return QUIET
    return WARN if line.actual > line.high else QUIET


def _bars(lines: Sequence[CostLine], width: int, *, ascii_only: bool) -> list[Sheet]:
    """A bar of exactly ``width`` cells for each line: the actual cost, or the estimate of what is to come."""
    if not width:
        return []
    rows = []
    for line in lines:
        value = line.actual if line.done else line.likely
        mark = float(line.likely) if line.done and line.likely is not None else None
        rows.append(
            Bar("", None if value is None else float(value), "", mark, "$primary" if line.done else QUIET)
        )
    # Without label and text a bar keeps two cells on either side.
    return [Sheet().extend(row[2:-2]) for row in bars(rows, width + 4, label_width=0, ascii_only=ascii_only)]


def _total(sheet: Sheet, view: CostsView, step: int) -> None:
    done = [line for line in view.lines if line.done]
    sheet.append(" " + fit("total", step) + " ", STRONG)
    sheet.append(fit(_sum(line.likely for line in view.lines), _MONEY, align="right") + " ", QUIET)
    sheet.append(fit(_sum(line.actual for line in done), _MONEY, align="right") + " ", STRONG)
    sheet.append(" " * (_MONEY + 1))
    known = [line.seconds for line in done if line.seconds is not None]
    sheet.append(fit(span(sum(known)) if known else "", _TIME, align="right") + "\n", QUIET)


def _gone(sheet: Sheet, view: CostsView, width: int) -> None:
    """What counts towards the budget, right below the sum that it differs from, and why it does."""
    result = view.result
    if words := Budget(result.budget_usd, result.spent_high_usd).words:
        _say(sheet, f"B{words[1:]}: training counts at its highest price.", width)
    if result.spent_unknown_usd is None:
        _say(sheet, "Not counted: calls or jobs of unknown outcome and unknown price.", width)
    elif result.spent_unknown_usd:
        counts = "Counted in it" if words else "Beside it"
        _say(sheet, f"{counts}: up to {usd(result.spent_unknown_usd)} of unknown cost.", width)


def _sum(amounts: Iterable[Decimal | None]) -> str:
    """A total; with unknown parts it is a lower bound, and says so."""
    listed = list(amounts)
    known = [amount for amount in listed if amount is not None]
    if listed and not known:
        return usd(None)
    total = usd(sum(known, Decimal(0)))
    return total if len(known) == len(listed) else f">= {total}"


def budget_lines(view: CostsView, width: int, *, ascii_only: bool = False) -> Sheet:
    """The budget, what counts towards it, and what happens when it is reached."""
    result = view.result
    spent, limit = result.spent_high_usd, result.budget_usd
    sheet = Sheet(" Budget\n", STRONG)
    if limit is None:
        words = f"None: nothing stops by itself. Set limits.budget in the project file ({_file_key()})."
        _say(sheet, words, width)
    else:
        share = spent / limit if limit else Decimal(1)
        style = WARN if share >= _WARNING_SHARE else GOOD
        room = max(10, min(40, width - 30))
        full = min(room, round(room * float(min(share, Decimal(1)))))
        blocks = ("#", ".") if ascii_only else ("█", "░")
        sheet.append(" " + blocks[0] * full, style).append(blocks[1] * (room - full), QUIET)
        passed = spent > limit
        sheet.append(f"  passed by {usd(spent - limit)}\n" if passed else f"  {share:.0%} of it gone\n")
        words = (
            "Work stops before a call that could pass it; what is done is kept. "
            f"Raise limits.budget in the project file ({_file_key()})."
        )
        _say(sheet, words, width, QUIET)
    if result.monthly_usd.likely:
        price = usd(result.monthly_usd)
        _say(sheet, f"Keeping models costs {price} a month, used or not, until stillroom delete NAME.", width)
    for warning in view.hourly:
        _say(sheet, warning, width, WARN)
    return sheet


def _say(sheet: Sheet, words: str, width: int, style: str = "") -> None:
    """A sentence, broken between words."""
    for line in wrap(words, max(20, width - 2)):
        sheet.append(f" {line}\n", style)


def price_lines(
    prices: Sequence[PriceView], remarks: Sequence[str], width: int, *, ascii_only: bool = False
) -> Sheet:
    """What is to be said of prices; then each with its unit, source, date, and the key that overrides it."""
    sheet = Sheet(" Prices\n", STRONG)
    dot = symbols(ascii_only).dot
    words = f"To override one, write its table and key into the project file ({_file_key()})."
    _say(sheet, words, width, QUIET)
    for remark in remarks:
        _say(sheet, remark, width, WARN)
    for view in prices:
        price = view.price
        head = f"{rate(price.usd)} per {price.unit}"
        doubt = "own price" if price.source == OWN else "as published"
        doubt = "unverified" if price.unverified else doubt
        room = max(10, width - 3 - _PRICE - 13)
        sheet.append(" " + fit(price.what, room, cut="middle") + " ")
        sheet.append(fit(head, _PRICE, align="right") + " ", STRONG)
        sheet.append(fit(doubt, 12, align="right") + "\n", WARN if price.unverified else GOOD)
        facts = [price.source, price.date, price.note]
        words = f" {dot} ".join(fact for fact in facts if fact)
        for line in wrap(f"{words}   [{view.table}] {view.key}".strip(), max(20, width - 5)):
            sheet.append(f"   {line}\n", QUIET)
    return sheet


def _file_key() -> str:
    return key_of("app.project_file")
