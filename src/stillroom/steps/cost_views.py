"""Costs for people: each step's estimate beside what it cost and how long it took; the prices behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from stillroom.errors import UsageError
from stillroom.money import Amount, Kind, usd
from stillroom.money.amounts import about
from stillroom.plural import plural
from stillroom.report import CostLine
from stillroom.steps.agreements import estimate
from stillroom.steps.costs import CostResult, PriceUsed, Spent, cost, other_models
from stillroom.steps.tallying import tally
from stillroom.steps.targets import TEACHER, usual_sides
from stillroom.steps.upload import S3
from stillroom.steps.workspace import Workspace
from stillroom.store import IMPORTED, SpendingLine
from stillroom.store.tallies import Groups

RECKONED = "reckoned, not measured: the bill decides"


@dataclass(frozen=True, slots=True)
class PriceView:
    """A price, and where the project file can override it."""

    price: PriceUsed
    table: str
    """``prices."<model>"``."""
    key: str


@dataclass(frozen=True, slots=True)
class CostsView:
    """Money of the whole project, as the screen of costs shows it."""

    lines: tuple[CostLine, ...]
    """What is done or under way, then what is still to come."""
    result: CostResult
    prices: tuple[PriceView, ...]
    sandbox: bool
    hourly: tuple[str, ...]
    """A warning for each thing that bills by the hour."""
    speed: float = 1.0
    """How many times as fast as ours the service's clock runs: 1 on AWS."""
    not_counted: str = ""
    """What is paid for and is in none of the sums; empty when nothing is."""


def costs_view(workspace: Workspace) -> CostsView:
    """Gather it from the store; asks nobody."""
    result = cost(workspace)
    places = _places(workspace)
    return CostsView(
        tuple(cost_lines(workspace, result)),
        result,
        tuple(PriceView(price, *places[price.what]) for price in result.prices),
        workspace.sandbox,
        tuple(workspace.billing_lines()),
        workspace.store_speed(),
        not_counted_words(result),
    )


def cost_lines(workspace: Workspace, reckoned: CostResult) -> Iterator[CostLine]:
    """Every step's estimate beside its actual cost."""
    plans = workspace.store.diary.plans()
    names = told_apart([one.line for one in reckoned.spent])
    groups = workspace.store.tallies.groups()
    coming = _coming(workspace, reckoned, groups)
    for name, one in zip(names, reckoned.spent, strict=True):
        still = 0 if one.line.run is None else _open(workspace, one.line.run, groups)
        expected = estimate(plans, one.line, still) or Amount.exactly(one.usd if one.estimated else None)
        notes = [RECKONED] if one.estimated else []
        if one.unknown:
            beside = "" if one.usd is None else f"and up to {usd(one.usd_unknown)} for "
            notes.append(beside + unsure_words(one))
        what = f"{plural(one.calls, 'answer')}, {one.model}" if one.calls else one.model
        yield CostLine(
            name, what, expected.low, expected.likely, expected.high, one.usd,
            seconds=_took(workspace, one.line), note="; ".join(notes), reckoned=one.estimated,
            at_most=bound(one), unverified=one.unverified,
        )  # fmt: skip
    for left in reckoned.left:
        yield CostLine(
            _still(workspace, left.step, reckoned, coming), left.how,
            left.usd.low, left.usd.likely, left.usd.high, None, done=False,
            seconds=left.seconds.likely if left.seconds else None, unverified=left.unverified,
        )  # fmt: skip


def bound(one: Spent) -> Decimal | None:
    """USD that a step cost at most, where that is all that is known; None: more is known, or nothing."""
    return one.usd_unknown if one.usd is None and one.unknown else None


def unsure_words(one: Spent) -> str:
    """Why a part of what a step cost is not known."""
    if one.line.cut_short:
        return f"{one.line.cut_short.lower()}: AWS does not tell what it bills"
    return f"{plural(one.unknown, 'job' if one.estimated else 'call')} of unknown outcome"


def told_apart(lines: Sequence[SpendingLine]) -> list[str]:
    """The names of what was spent on, each of them once: runs and jobs of the same name are counted."""
    many, seen = Counter(line.step for line in lines), Counter[str]()
    names = []
    for line in lines:
        seen[line.step] += 1
        kind = "job" if line.job is not None else "run"
        names.append(line.step if many[line.step] == 1 else f"{line.step}, {kind} {seen[line.step]}")
    return names


def _open(workspace: Workspace, run: int, groups: Groups) -> int:
    """Pictures that a run has neither answered nor given up, whatever settings are the present ones."""
    store = workspace.store
    spec = store.runs.get(run).spec
    also = store.runs.id_of(IMPORTED) if spec.role == TEACHER else None
    return store.tallies.tally(groups, run, usual_sides(spec.role), spec.prepare_key, also=also).left


def _coming(workspace: Workspace, reckoned: CostResult, groups: Groups) -> set[int]:
    """Runs that have begun and are still to be asked about pictures."""
    begun = {one.line.run for one in reckoned.spent}
    found = set()
    for left in reckoned.left:
        kind, _, name = left.step.partition(" ")
        if kind != "label":
            continue
        try:
            counted = tally(workspace, name, groups)
        except UsageError:
            continue  # a student that is still to be trained
        if counted.run is not None and counted.run in begun:
            found.add(counted.run)
    return found


def _still(workspace: Workspace, step: str, reckoned: CostResult, coming: Set[int]) -> str:
    """The name of what is to come, beside what was spent under the same name."""
    runs = {one.line.run for one in reckoned.spent if one.step == step}
    if not runs:
        return step
    return f"{step}, {'rest' if runs & coming else 'anew'}"


def _took(workspace: Workspace, line: SpendingLine) -> float | None:
    """Seconds that a run or a job took, where that is known."""
    if line.run is not None:
        return workspace.store.runs.tempo(line.run).active_seconds
    jobs = [job for job in workspace.store.jobs.all() if job.name == line.job and job.ended and job.started]
    return (jobs[-1].ended or 0) - (jobs[-1].started or 0) if jobs else None


def not_counted_words(result: CostResult) -> str:
    """S3 charges by the request and by the month, and tells no bill of ours; empty: nothing was sent."""
    files = result.s3_files
    if not files:
        return ""
    costs = "at a price that is unknown"
    if result.s3_usd is not None:
        costs = about(result.s3_usd, unverified=result.s3_unverified)
    sent = f"{plural(files, 'file')} ({result.s3_bytes / 1e6:.1f} MB)"
    return (
        f"Not counted: S3, {costs} for sending {sent} and keeping {'it' if files == 1 else 'them'} a month."
    )


def _places(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Table and key in the project file for each price of :func:`stillroom.steps.costs.prices_used`."""
    settings = workspace.settings
    teacher, student = settings.teacher.model, settings.student.model
    base = settings.training.base_model
    named = {
        f"teacher {teacher}, input": (teacher, Kind.INPUT),
        f"teacher {teacher}, output": (teacher, Kind.OUTPUT),
        f"student {student}, input": (student, Kind.INPUT),
        f"student {student}, output": (student, Kind.OUTPUT),
        f"training of {base}": (base, Kind.TRAINING),
        f"tuned {base}, input": (base, Kind.CUSTOM_INPUT),
        f"tuned {base}, output": (base, Kind.CUSTOM_OUTPUT),
        "keeping a custom model": (base, Kind.STORAGE),
        "S3, sending": (S3, Kind.WRITE),
        "S3, keeping": (S3, Kind.GIGABYTE),
    }
    for model in other_models(workspace):
        named |= {f"{model}, input": (model, Kind.INPUT), f"{model}, output": (model, Kind.OUTPUT)}
    return {what: (f'prices."{model}"', kind.value) for what, (model, kind) in named.items()}
