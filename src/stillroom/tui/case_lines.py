"""Lines of the Compare screen: one picture's head and keywords, and the summary of all runs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stillroom.comparison import State
from stillroom.steps.comparing import RunScore
from stillroom.steps.contrasting import Case, Column, Sort
from stillroom.tui.cells import SYMBOLS, Symbols, cell_len, fit, safe
from stillroom.tui.plots import histogram
from stillroom.tui.sheet import ACCENT, BAD, GOOD, QUIET, STRONG, WARN, Sheet

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LABEL = 16
"""Most cells of the names at the left."""
_AXIS = 20
"""Cells of a histogram, one a bin."""
_GAP = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A keyword, made safe, and what is written behind it."""

    text: str
    mark: str = ""

    @property
    def width(self) -> int:
        return cell_len(self.text) + cell_len(self.mark)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one is among the pictures."""

    place: int
    """From 0."""
    of: int
    sort: Sort
    run: int
    """Position of the run that is sorted by."""
    other: int
    """Position of the run that gain and loss are measured against."""


def wrap_pieces(pieces: Sequence[Piece], width: int, symbols: Symbols = SYMBOLS) -> list[list[Piece]]:
    """Put keywords into lines, parted by `` · ``; a keyword is broken nowhere, but cut where it is too wide.

    Args:
        pieces: In order.
        width: Cells of a line. A line that goes on ends with the dot, which counts.
        symbols: Of the terminal.

    Returns:
        The keywords of each line. No line is empty.
    """
    lines: list[list[Piece]] = []
    used = 0
    most = max(1, width - 2)
    for piece in pieces:
        if piece.width > most:
            room = most - cell_len(piece.mark)
            piece = (
                Piece(fit(piece.text, room, more=symbols.more).rstrip(), piece.mark)
                if room > 0
                else Piece(fit(piece.text, most, more=symbols.more).rstrip())
            )
        if lines and used + 3 + piece.width <= most:
            lines[-1].append(piece)
            used += 3 + piece.width
        else:
            lines.append([piece])
            used = piece.width
    return lines


def keyword_lines(words: Sequence[str], width: int, symbols: Symbols = SYMBOLS) -> list[str]:
    """Keywords in lines of at most ``width`` cells, made safe; a line that goes on ends with the dot."""
    lines = wrap_pieces([Piece(safe(word)) for word in words], width, symbols)
    between = f" {symbols.dot} "
    return [
        between.join(piece.text for piece in line) + (between.rstrip() if number < len(lines) else "")
        for number, line in enumerate(lines, 1)
    ]


def raised(numbers: Sequence[int], symbols: Symbols = SYMBOLS) -> str:
    """Small figures for runs, counted from 1: ``¹³``; ``(1,3)`` where there are no such characters."""
    if symbols is not SYMBOLS:
        return f"({','.join(str(number + 1) for number in numbers)})"
    return "".join(str(number + 1).translate(_RAISED) for number in numbers)


def signs(names: Sequence[str], symbols: Symbols = SYMBOLS) -> tuple[tuple[str, str], ...]:
    """What the signs before and behind keywords mean, each with its explanation.

    Args:
        names: Of the runs, at least one.
        symbols: Of the terminal.
    """
    first, last, number = safe(names[0]), safe(names[-1]), len(names) - 1
    several = (
        ("=", "words of the teacher that every run has too"),
        (
            f"= word{raised((number,), symbols)}",
            f"of the runs only {last} has it; {raised((0,), symbols)} is {first}, and so on",
        ),
    )
    return (
        *(several if number else (("=", f"words of the teacher that {first} has too"),)),
        ("−" if symbols is SYMBOLS else "-", "words of the teacher alone"),
        ("+", "words of that run alone"),
    )


def joined(lines: Sequence[Sheet]) -> Sheet:
    """Lines as one text."""
    sheet = Sheet()
    for number, line in enumerate(lines):
        sheet.append("\n" if number else "").extend(line)
    return sheet


def copy_lines(case: Case) -> str:
    """One picture as plain text: name, scores, keywords."""
    rows = [
        ("path", case.path),
        ("both", ", ".join(found.word for found in case.both)),
        ("teacher only", ", ".join(case.missing)),
    ]
    for run in case.runs:
        rows.append((f"{run.name} Jaccard", run.state if run.jaccard is None else f"{run.jaccard:.3f}"))
        rows.append((f"{run.name} only", ", ".join(run.extra)))
    return "".join(f"{safe(name)}: {safe(value)}\n" for name, value in rows)


def head_lines(
    case: Case, standing: Standing, width: int, *, one: bool, symbols: Symbols = SYMBOLS
) -> list[Sheet]:
    """Which picture, and its scores: in one line with the scores at the right, or in two.

    Args:
        case: The picture.
        standing: Where it is among the others.
        width: Cells of a line.
        one: In one line.
        symbols: Of the terminal.
    """
    names = [run.name for run in case.runs]
    if not one:
        return [name_line(case, standing, names, width, symbols), score_line(case, width, symbols)]
    # The scores get what the name leaves, and more than half of the line in any case.
    needed = name_line(case, standing, names, width, symbols).cell_len
    scores = score_line(case, max(width * 3 // 5, width - needed - 3), symbols)
    line = name_line(case, standing, names, width - scores.cell_len - 3, symbols)
    line.append(" " * max(1, width - 1 - line.cell_len - scores.cell_len))
    return [line.extend(scores)]


def name_line(
    case: Case, standing: Standing, names: Sequence[str], width: int, symbols: Symbols = SYMBOLS
) -> Sheet:
    """Which picture, which of how many, in which order."""
    minus = "−" if symbols is SYMBOLS else "-"
    order = str(standing.sort)
    if names and standing.sort is not Sort.NAME:
        by = safe(names[standing.run])
        if standing.sort in (Sort.GAIN, Sort.LOSS):
            by += f" {minus} {safe(names[standing.other])}"
        order += f" ({by})"
    place = f"{standing.place + 1:,}/{standing.of:,} {order}"
    room = max(8, width - 4 - cell_len(place))
    name = fit(case.path, room, cut="middle").rstrip()
    place = fit(place, max(1, width - 5 - cell_len(name)), more=symbols.more).rstrip()
    return Sheet(f" {name}", STRONG).append(f"   {place}", QUIET)


def score_line(case: Case, width: int, symbols: Symbols = SYMBOLS) -> Sheet:
    """``J 0.18 untuned → 0.61 lite-897``; runs in the middle go first where there is no room."""
    many = len(case.runs) > 1
    parts = [_score(column, raised((number,), symbols) if many else "", symbols)
             for number, column in enumerate(case.runs)]  # fmt: skip
    kept = list(range(len(parts)))
    while len(kept) > 2 and _scores(parts, kept, symbols).cell_len > width - 1:
        kept.pop(-2)
    return _scores(parts, kept, symbols)


def _scores(parts: Sequence[Sheet], kept: Sequence[int], symbols: Symbols) -> Sheet:
    """These of the parts in one line, with a mark where others are left out."""
    arrow = " → " if symbols is SYMBOLS else " > "
    sheet = Sheet(" J ", QUIET)
    for place, number in enumerate(kept):
        if place:
            left_out = number > kept[place - 1] + 1
            sheet.append(f"{arrow}{symbols.more}{arrow}" if left_out else arrow, QUIET)
        sheet.extend(parts[number])
    return sheet


def _score(column: Column, mark: str, symbols: Symbols) -> Sheet:
    name = fit(column.name, min(24, cell_len(safe(column.name)))).rstrip()
    if column.state is State.MISSING or column.jaccard is None:
        return Sheet("–" if symbols is SYMBOLS else "-", QUIET).append(f" {name}{mark} not asked", QUIET)
    sheet = Sheet(f"{column.jaccard:.2f}", ACCENT).append(f" {name}").append(mark, QUIET)
    if column.state is State.FAILED:
        sheet.append(f" {symbols.failed} failed", BAD)
    return sheet


@dataclass(frozen=True, slots=True)
class _Row:
    """Keywords of one kind."""

    name: str
    style: str
    lines: list[list[Piece]]
    nothing: str
    """What stands there when there are none."""


def word_lines(
    case: Case, width: int, most: int | None = None, symbols: Symbols = SYMBOLS
) -> tuple[list[Sheet], bool]:
    """The keywords: what the teacher shares with runs, of the teacher alone, and of each run alone.

    Args:
        case: The picture.
        width: Cells of a line.
        most: Lines there are: the longest kinds are cut so that each kind is seen; None: as many as it takes.
        symbols: Of the terminal.

    Returns:
        The lines, and whether all keywords are in them.
    """
    minus = "−" if symbols is SYMBOLS else "-"
    shared = "= both" if len(case.runs) == 1 else "= shared"
    names = [shared, f"{minus} teacher", *(f"+ {safe(column.name)}" for column in case.runs)]
    label = min(_LABEL, width // 2, max(map(cell_len, names)) + 2)
    room = width - label
    every = len(case.runs)
    both = [
        Piece(safe(found.word), "" if len(found.by) == every else raised(found.by, symbols))
        for found in case.both
    ]
    kinds = [both, [Piece(safe(word)) for word in case.missing]]
    kinds += [[Piece(safe(word)) for word in column.extra] for column in case.runs]
    nothings = ["none", "none", *(_why_none(column, symbols) for column in case.runs)]
    styles = [f"{GOOD} bold", WARN, *[ACCENT] * every]
    rows = [
        _Row(name, style, wrap_pieces(pieces, room, symbols), nothing)
        for name, style, pieces, nothing in zip(names, styles, kinds, nothings, strict=True)
    ]
    shares = [max(1, len(row.lines)) for row in rows]
    whole = sum(shares)
    while most is not None and sum(shares) > max(most, len(shares)):
        shares[max(range(len(shares)), key=lambda at: (shares[at], at))] -= 1
    lines = [
        line
        for row, share in zip(rows, shares, strict=True)
        for line in _row(row, share, label, width, symbols)
    ]
    if most is not None and len(lines) + len(rows) - 1 <= most:
        starts = [sum(shares[:at]) for at in range(1, len(shares))]
        for start in reversed(starts):  # there is room to part the kinds
            lines.insert(start, Sheet())
        return lines, True
    if most is not None and len(lines) > most:
        lines = [*lines[: max(0, most - 1)], Sheet(f"{symbols.more} {len(rows) - most + 1} more runs", QUIET)]
    return lines, len(lines) == whole


def _why_none(column: Column, symbols: Symbols) -> str:
    if column.state is State.MISSING:
        return "not asked"
    return f"{symbols.failed} no usable answer" if column.state is State.FAILED else "none"


def _row(row: _Row, share: int, label: int, width: int, symbols: Symbols) -> Iterator[Sheet]:
    """The lines of one kind, the last of which says how many keywords are left out."""
    head = fit(row.name, label - 1, more=symbols.more) + " "
    if not row.lines:
        yield Sheet(head, row.style).append(fit(row.nothing, width - label).rstrip(), QUIET)
        return
    shown = [list(line) for line in row.lines[:share]]
    left_out = sum(len(line) for line in row.lines[share:])
    if left_out:
        last = shown[-1]
        while len(last) > 1 and label + _width(last) + _tail_width(left_out + 1) > width:
            last.pop()
            left_out += 1
        room = width - label - _tail_width(left_out)
        if _width(last) > room:  # one wide keyword
            last[0] = Piece(fit(last[0].text, max(1, room), more=symbols.more).rstrip())
    for number, line in enumerate(shown):
        sheet = Sheet(head if number == 0 else " " * label, row.style)
        for place, piece in enumerate(line):
            sheet.append(piece.text).append(piece.mark, QUIET)
            goes_on = place + 1 < len(line)
            if goes_on or number + 1 < len(shown):
                sheet.append(f" {symbols.dot}" + (" " if goes_on else ""), QUIET)
        if left_out and number + 1 == len(shown):
            sheet.append(f" {symbols.dot} {symbols.more} +{left_out}", QUIET)
        yield sheet


def _tail_width(left_out: int) -> int:
    return len(f" · … +{left_out}")


def _width(line: Sequence[Piece]) -> int:
    return sum(piece.width for piece in line) + 3 * (len(line) - 1)


def summary_lines(runs: Sequence[RunScore], width: int, most: int, symbols: Symbols = SYMBOLS) -> list[Sheet]:
    """Mean, interval and distribution of every run; all histograms have one axis.

    Side by side where they fit, else one below the other.

    Args:
        runs: In order.
        width: Cells of a line.
        most: Lines that may be used, 3 or more.
        symbols: Of the terminal.
    """
    if not runs:
        return []
    across = [_mean_words(run) for run in runs]
    columns = [max(sheet.cell_len, _AXIS + 8 * (number == 0)) for number, sheet in enumerate(across)]
    begin = " mean Jaccard" + " " * _GAP
    if len(begin) + sum(columns) + _GAP * (len(runs) - 1) <= width:
        means, shapes = Sheet(begin, QUIET), Sheet(" " * len(begin))
        for number, (run, sheet, wide) in enumerate(zip(runs, across, columns, strict=True)):
            gap = " " * (_GAP if number else 0)
            means.append(gap).extend(sheet).append(" " * (wide - sheet.cell_len))
            shape = _shape(run, symbols, last=run is runs[-1])
            # The axis is written once.
            drawn = Sheet("0.0 ", QUIET).extend(shape).append(" 1.0", QUIET) if number == 0 else shape
            shapes.append(gap).extend(drawn).append(" " * (wide - drawn.cell_len))
        return [means, shapes]
    label = min(_LABEL, max(cell_len(safe(run.name)) for run in runs) + 2)
    head = Sheet(fit(" mean Jaccard", label + 24), QUIET)
    head.append("0.0" + " " * (_AXIS - 6) + "1.0", QUIET)
    lines = [head] if len(runs) != most else []  # the last run is worth more than the axis
    room = most - len(lines)
    shown = list(runs) if len(runs) <= room else [*runs[: max(0, room - 2)], runs[-1]]
    for run in shown:
        left_out = len(runs) - len(shown)
        if run is shown[-1] and left_out:
            lines.append(Sheet(f" {symbols.more} {left_out} more: stillroom compare", QUIET))
        line = Sheet(" ").extend(_mean_words(run, label))
        line.append(" " * max(1, label + 24 - line.cell_len))
        shape = _shape(run, symbols, last=run is runs[-1])
        lines.append(line.extend(shape).append(_doubts(run), WARN))
    return lines


def caution_lines(runs: Sequence[RunScore], outdated: Sequence[str], width: int) -> list[Sheet]:
    """What makes the scores less certain than they look, a line each, the weightiest last.

    Args:
        runs: In order.
        outdated: Students that learnt from other records than the present ones.
        width: Cells of a line.
    """
    # A run without any picture says so in its own line.
    said = list(dict.fromkeys(run.warning for run in runs if run.warning and run.jaccard is not None))
    if outdated:
        names = ", ".join(map(safe, outdated))
        said.append(f"learnt from other records than the present ones: {names}")
    return [Sheet(fit(f" {words}", width).rstrip(), WARN) for words in said]


def _mean_words(run: RunScore, label: int = 0) -> Sheet:
    name = safe(run.name)
    sheet = Sheet(fit(name, label) if label else fit(name, min(24, cell_len(name))) + " ")
    if run.jaccard is None:
        return sheet.append("nothing compared", QUIET)
    low, high = run.jaccard.low, run.jaccard.high
    interval = " no interval" if low is None or high is None else f" [{low:.2f}, {high:.2f}]"
    return sheet.append(f"{run.jaccard.mean:.3f}", STRONG).append(interval, QUIET)


def _shape(run: RunScore, symbols: Symbols, *, last: bool) -> Sheet:
    lines = histogram(
        run.histogram, _AXIS, ascii_only=symbols is not SYMBOLS, style="$primary" if last else QUIET
    )
    return Sheet().extend(lines[0])


def _doubts(run: RunScore) -> str:
    doubts = [f"{run.failed:,} failed"] * bool(run.failed) + [f"{run.missing:,} not asked"] * bool(
        run.missing
    )
    return "  " + ", ".join(doubts) if doubts else ""
