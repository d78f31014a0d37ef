"""One picture in words: what it is, what is sent of it and at what price, what each model said."""

from __future__ import annotations

from typing import Final

from stillroom.money import usd
from stillroom.steps.browsing import Cost, PictureDetail, Said
from stillroom.tui.case_lines import keyword_lines
from stillroom.tui.cells import SYMBOLS, Symbols, cell_len, fit, safe, wrap
from stillroom.tui.columns import bytes_words
from stillroom.tui.sheet import BAD, GOOD, QUIET, STRONG, WARN, Sheet

_LABEL: Final = 9
"""Cells of the names on the left."""


def detail_sheet(detail: PictureDetail, width: int, marks: Symbols = SYMBOLS) -> Sheet:
    """All of one picture, in lines of at most ``width`` cells."""
    row = detail.row
    sheet = Sheet(fit(row.name, width, cut="middle", more=marks.more).rstrip() + "\n", STRONG)
    folder = row.path.rpartition("/")[0]
    if folder:
        sheet.append(fit(folder, width, cut="middle", more=marks.more).rstrip() + "\n", QUIET)
    times = "x" if marks.dot == "-" else "×"
    pixels = f" {row.width:,}{times}{row.height:,} px" if row.width else ""
    _fact(sheet, "file", f"{row.format or 'unknown'}{pixels} {marks.dot} {bytes_words(row.size)}", width)
    if row.side is not None:
        order = f" {marks.dot} number {row.order + 1:,} in training" if row.order is not None else ""
        _fact(sheet, "split", f"{row.side.value}{order}", width)
    if row.excluded:
        _fact(sheet, "excluded", "left out by hand", width, WARN)
    if detail.copies:
        _fact(sheet, "same as", ", ".join(safe(path) for path in detail.copies), width)
    if detail.sent is None:
        _fact(sheet, "never", f"sent: {safe(detail.never_sent)}", width, WARN)
        return sheet
    sent = detail.sent
    size = bytes_words(sent.bytes) if sent.bytes is not None else "bytes not known"
    _fact(sheet, "sent", f"{sent.width:,}{times}{sent.height:,} px {marks.dot} {size}", width)
    if sent.why:
        _fact(sheet, "", safe(sent.why), width, QUIET)
    for cost in detail.costs:
        _fact(sheet, cost.name, _cost_words(cost, marks), width)
    for said in detail.said:
        _said(sheet, said, width, marks)
    return sheet


def _fact(sheet: Sheet, label: str, words: str, width: int, style: str = "") -> None:
    for number, line in enumerate(wrap(words, max(8, width - _LABEL))):
        sheet.append(fit(label if number == 0 else "", _LABEL), QUIET)
        sheet.append(line + "\n", style)


def _cost_words(cost: Cost, marks: Symbols) -> str:
    about = "~" if marks.dot == "-" else "≈"
    if cost.input_tokens is None:
        return cost.why
    # The sign stands before what is reckoned; what was answered and paid for goes without.
    sign = "" if cost.paid else f"{about} "
    tokens = f"{sign}{cost.input_tokens:,} tokens in, {cost.output_tokens:,.0f} out"
    if cost.usd is None:
        return f"{tokens}: {cost.why}"
    return f"{tokens}, {usd(cost.usd)}" + (", price unverified" if cost.unverified else "")


def _said(sheet: Sheet, said: Said, width: int, marks: Symbols) -> None:
    """One run's answer: its name and facts on a line, then the keywords."""
    name = fit(said.name, min(cell_len(safe(said.name)), width // 2), more=marks.more)
    sheet.append("\n" + name, STRONG)
    # Of too few or too many keywords the answer's remark says how many there are.
    facts = [safe(said.message) or f"{len(said.keywords)} keywords"] if said.state == "done" else []
    if said.jaccard is not None:
        facts.append(f"J {said.jaccard:.2f}")
    if said.input_tokens is not None and said.output_tokens is not None and said.state == "done":
        facts.append(f"{said.input_tokens:,}+{said.output_tokens:,} tokens")
    if said.usd is not None:
        facts.append(usd(said.usd))
    if said.state == "done":
        sheet.append(f"  {marks.done} ", GOOD)
    elif said.state == "failed":
        sheet.append(f"  {marks.failed} {said.failure or 'failed'}", BAD)
    else:
        word = {None: "not asked yet", "unknown": "outcome unknown"}.get(said.state, str(said.state))
        sheet.append(f"  {marks.waiting} {word}", QUIET)
    between = "" if said.state == "done" else "  "
    room = width - sheet.cell_len - len(between)
    while facts and cell_len(f" {marks.dot} ".join(facts)) > room:
        facts.pop()
    sheet.append((between if facts else "") + f" {marks.dot} ".join(facts) + "\n", QUIET)
    lines = keyword_lines(said.keywords, width, marks) or (wrap(said.message, width) if said.message else [])
    for line in lines:
        sheet.append(line + "\n")
