"""What the Labeling screen says of a run, as lines: how far, how fast, at what cost, and what failed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len

from stillroom.labeling import Progress
from stillroom.money import usd
from stillroom.spans import span
from stillroom.steps.labeling import Label
from stillroom.steps.run_progress import AWAY, RunProgress
from stillroom.steps.run_views import RunsView, RunView, advice
from stillroom.steps.targets import ROLES
from stillroom.tui.cells import SYMBOLS, fit, rate_number, safe
from stillroom.tui.desk import Work
from stillroom.tui.keymap import key_of
from stillroom.tui.plots import sparkline
from stillroom.tui.sheet import ACCENT, BAD, QUIET, STRONG, Sheet

_LABEL = 10
_ETA, _RATE, _SHORTEST_BAR = 13, 9, 8
"""Cells of the parts of the line with the bar: none of them moves when numbers change."""
_SHORTEST_MODEL = 12
"""Cells below which a model's id says nothing any more."""


@dataclass(frozen=True, slots=True)
class Live:
    """What the running work says, beside what the store says."""

    run: Progress | None
    rates: tuple[float, ...]
    paused: bool
    stopping: bool
    retry: bool = False
    """Whether everything that it asks about had failed before."""

    @property
    def again(self) -> int:
        """Pictures that have failed, as the store says, and are still to be asked again."""
        if self.run is None:
            return 0
        # What is under way has not failed at this moment.
        turn_to_come = self.run.left - self.run.in_flight if self.retry and not self.stopping else 0
        return max(self.run.waiting, turn_to_come)


def run_of(work: Work) -> str:
    """The project's run that a work labels for now, by itself or as a part of it; empty: none of them.

    What is asked with another prompt than the project's, as in the Playground, belongs to none.
    """
    if isinstance(work.step, Label):
        return work.step.name
    now = work.progress
    return now.spec.name if isinstance(now, RunProgress) and now.spec.role in ROLES else ""


def live_of(works: Iterable[Work], view: RunView) -> Live | None:
    """The running work that labels under the name of a run, as it says of itself.

    Where it does so with other settings, none of its figures are that run's.
    """
    work = next((work for work in works if run_of(work) == view.name), None)
    if work is None:
        return None
    if view.beside:
        return Live(None, (), work.paused, work.stopping)
    now = work.progress
    known = now.run if isinstance(now, RunProgress) else None
    retry = isinstance(work.step, Label) and work.step.classes is not None
    return Live(known, tuple(work.rates), work.paused, work.stopping, retry)


def state_words(view: RunView, live: Live | None) -> tuple[str, str]:
    """Symbol and word of a run's state."""
    if view.beside:
        symbol, word = _resting_words(view)
        return symbol, f"{view.beside} · {word}"
    if live is not None:
        if live.stopping:
            return SYMBOLS.running, "stopping: waiting for what is under way"
        if live.paused:
            return SYMBOLS.paused, "paused"
        if live.run is not None and live.run.away:
            return SYMBOLS.running, AWAY
        again = live.run.retrying if live.run is not None else 0
        return SYMBOLS.running, f"retrying {again:,}" if again else "running"
    if view.holder is not None:
        here = view.holder == os.getpid()
        where = "here" if here else f"in process {view.holder}"
        return (SYMBOLS.paused, f"paused {where}") if view.paused else (SYMBOLS.running, f"running {where}")
    return _resting_words(view)


def _resting_words(view: RunView) -> tuple[str, str]:
    """The same of a run that nobody labels for."""
    own = view.answered - view.imported
    away = f"not deployed, {deploys_words()}"
    if not view.left:
        if view.failed:
            ended = "ended with failures"
            return SYMBOLS.failed, f"{ended}, {away}" if view.undeployed else ended
        if not view.answered:
            return SYMBOLS.failed, "no picture can be sent"
        taken_in = f", {view.imported:,} imported" if own else ": all imported"
        return SYMBOLS.done, f"done{taken_in if view.imported else ''}"
    if not view.begun:
        return SYMBOLS.waiting, f"not begun: {away}" if view.undeployed else "not begun"
    if view.interrupted:
        word = "interrupted"
    elif own or view.failed:
        word = "part done"
    elif view.attempts:
        word = "asked about others"  # such as one training picture, in the Playground
    else:
        word = f"{view.imported:,} imported"
    left = f"{view.left:,} left for {usd(view.left_usd)}"
    how = away if view.undeployed else f"{key_of('labeling.resume')} goes on"
    return SYMBOLS.stopped, f"{word}: {left}, {how}"


def deploys_words() -> str:
    """Which key deploys a student."""
    return f"{key_of('jobs.deploy')} on Jobs ({key_of('app.jobs')}) deploys it"


def _row(text: Sheet, label: str, value: str, style: str = "") -> None:
    text.append(f" {label:<{_LABEL}}", QUIET)
    text.append(value + "\n", style)


def _bar(done: int, failed: int, total: int, width: int) -> Sheet:
    full = round(width * done / total) if total else 0
    bad = max(1, round(width * failed / total)) if failed and total else 0
    bad = min(bad, width - full)
    bar = Sheet("█" * full, ACCENT)
    bar.append("x" * bad, BAD)
    bar.append("░" * (width - full - bad), QUIET)
    return bar


def top_text(runs: RunsView, view: RunView, live: Live | None, width: int) -> Sheet:
    """Everything but the lists, in exactly as many lines whatever the numbers are."""
    going = live.run if live is not None else None
    symbol, word = state_words(view, live)
    text = Sheet()
    name, room = safe(view.name), width - cell_len(word) - 6
    text.append(f" {symbol} {fit(name, max(8, min(cell_len(name), room)))}", ACCENT)
    text.append("  " + fit(word, width - text.cell_len - 2).rstrip(), ACCENT if live else "")
    # What follows region and account tells what it is; an id ends in a version.
    model = safe(view.model.split(":", 5)[-1] if view.model.startswith("arn:") else view.model)
    room = width - text.cell_len - 4
    if room >= _SHORTEST_MODEL:
        text.append("   " + fit(model, min(cell_len(model), room), cut="middle"), QUIET)
    text.append("\n")
    done = max(view.answered, 0)
    if going is not None:
        done = max(done, view.pictures - view.failed - view.left)
    share = f"{done / view.pictures:4.0%}" if view.pictures else "    "
    paused = live is not None and live.paused
    eta = f"{span(going.eta)} left" if going is not None and going.eta is not None and not paused else ""
    rate = f"{rate_number(going.rate)}/s" if going is not None and going.rate is not None else ""
    tail = f" {done:>{len(f'{view.pictures:,}')},}/{view.pictures:,}"
    for part in (f" {share}", f"  {eta:<{_ETA}}", f"  {rate:>{_RATE}}"):
        if len(tail) + len(part) + _SHORTEST_BAR + 2 <= width:
            tail += part
    text.append(" ")
    given_up = max(0, view.failed - (live.again if live is not None else 0))
    text.extend(_bar(done, given_up, view.pictures, max(1, width - len(tail) - 2)))
    text.append(tail + "\n\n")
    _row(text, "money", _money(runs, view, going, width - _LABEL - 2))
    _row(text, "tokens", _tokens(view, width - _LABEL - 2))
    _row(text, "calls", _calls(view, going, width - _LABEL - 2))
    _row(text, "latency", _latency(view, going))
    rates = live.rates if live is not None and going is not None else ()  # those of preparing are others
    text.append(f" {'rate':<{_LABEL}}", QUIET)
    if rates:
        text.append(sparkline(rates, max(8, min(60, width - _LABEL - 20))).plain)
        now = going.rate if going is not None and going.rate is not None else rates[-1]
        text.append(f"  {rate_number(now)}/s now\n")
    else:
        mean = f"{rate_number(view.per_second)}/s on average, over the time it was labeling"
        text.append(f"{mean}\n" if view.per_second else "—\n")
    return text


def _money(runs: RunsView, view: RunView, going: Progress | None, room: int) -> str:
    """What it has cost and will; where there is little room without the budget, where still less in short."""
    spent, rest, brief = f"{usd(view.usd)} so far", "", ""
    if going is not None and going.projected is not None:
        rest = brief = f"about {usd(going.projected)} for this part"
    elif view.left:
        rest, brief = f"{usd(view.left_usd)} for what is left", f"{usd(view.left_usd.likely)} for the rest"
    lost = f"at most {usd(view.usd_unknown)} more for lost calls" if view.usd_unknown else ""
    bound = f"≤ {usd(view.usd_unknown)} for lost calls" if view.usd_unknown else ""
    whole = (spent, rest, lost)
    forms = ((*whole, runs.budget.words), whole, (spent, brief, bound), (spent, bound))
    lines = ["   ".join(filter(None, words)) for words in forms]
    return next((line for line in lines if cell_len(line) <= room), lines[-1])


def _tokens(view: RunView, room: int) -> str:
    """Of a picture on average; without room the ratio to the formula's estimate is left to be seen."""
    if not view.input_tokens:
        return "—"
    known, estimate = f"{view.input_tokens:,.0f} in", view.estimated_input_tokens
    out = f"   {view.output_tokens:,.0f} out   a picture"
    ratio = f", ratio {view.input_tokens / estimate:.2f}" if estimate else ""
    beside = f" (formula {estimate:,.0f}{ratio})" if estimate else ""
    return known + (beside if len(known + beside + out) <= room else beside.replace(ratio, "")) + out


def _calls(view: RunView, going: Progress | None, room: int) -> str:
    """How many there are, those that may have been paid for nothing before what can be missed."""
    if going is None:
        return f"{view.attempts:,} made   {view.unknown:,} of unknown outcome"
    said = f"{going.in_flight:>2} of {going.concurrency} in flight"
    unknown = max(going.unknown, view.unknown)
    for number, word in ((unknown, "unknown"), (going.throttles, "throttled"), (going.retries, "retries")):
        if len(longer := f"{said}   {number:,} {word}") <= room:
            said = longer
    return said


def _latency(view: RunView, going: Progress | None) -> str:
    """Of this session where it goes on here, else of the run, which is all that another window knows."""
    p50, p95, of = view.p50_ms, view.p95_ms, "the run's latest answers"
    if going is not None and going.p50_ms is not None and going.p95_ms is not None:
        p50, p95, of = going.p50_ms, going.p95_ms, "this session's"
    return f"p50 {p50:,} ms   p95 {p95:,} ms   {of}" if p50 else "—"


def lists_text(view: RunView, live: Live | None, width: int) -> Sheet:
    """Failures by class with what to do, then the newest answers."""
    text = Sheet()
    if view.classes:
        again = live.again if live is not None else 0
        told = f" so far, {again:,} of them to be asked again" if again else ""
        text.append(f" Failures{told}\n", STRONG)
        for kind, count in view.classes:
            text.append(f" {SYMBOLS.failed} {count:>5,} {kind:<11}")
            text.append(fit(advice(kind, view.name), max(1, width - 22)).rstrip() + "\n", QUIET)
        for row in view.failures[:3]:
            text.append("     " + fit(safe(row.path), 24, cut="middle") + "  ")
            text.append(fit(safe(row.message), max(1, width - 33)).rstrip() + "\n", QUIET)
        text.append("\n")
    if view.newest:
        text.append(" Newest answers\n", STRONG)
        for answer in view.newest:
            words = " · ".join(safe(word) for word in answer.keywords.split("\n") if word)
            said = words if answer.failure is None else f"{answer.failure.value}: {safe(answer.remark)}"
            text.append(" " + fit(safe(answer.path.rpartition("/")[2]), 22, cut="middle") + "  ")
            text.append(fit(said, max(1, width - 26)).rstrip() + "\n", QUIET)
    return text
