"""Costs for people: each step's estimate beside what it cost and how long it took; the prices behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stillroom.money import Amount, Kind, usd
from stillroom.plural import plural
from stillroom.report import CostLine
from stillroom.steps.agreements import estimate
from stillroom.steps.costs import CostResult, PriceUsed, cost
from stillroom.steps.workspace import Workspace


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
    )


def cost_lines(workspace: Workspace, reckoned: CostResult) -> Iterator[CostLine]:
    """Every step's estimate beside its actual cost."""
    plans = workspace.store.diary.plans()
    for one in reckoned.spent:
        expected = estimate(plans, one.line) or Amount.exactly(one.usd if one.estimated else None)
        note = "reckoned, not measured: the bill decides" if one.estimated else ""
        if one.unknown:
            unheard = plural(one.unknown, "job" if one.estimated else "call")
            note = f"and up to {usd(one.usd_unknown)} for {unheard} of unknown outcome"
        what = f"{plural(one.calls, 'answer')}, {one.model}" if one.calls else one.model
        yield CostLine(
            one.step, what, expected.low, expected.likely, expected.high, one.usd,
            seconds=_took(workspace, one.step), note=note,
        )  # fmt: skip
    for left in reckoned.left:
        yield CostLine(
            left.step, left.how, left.usd.low, left.usd.likely, left.usd.high, None, done=False,
            seconds=left.seconds.likely if left.seconds else None,
        )  # fmt: skip


def _took(workspace: Workspace, step: str) -> float | None:
    """Seconds that a step took, where that is known."""
    kind, _, name = step.partition(" ")
    if kind in ("label", "ask"):
        runs = [
            run
            for run in workspace.store.runs.all()
            if run.spec.name == name and (run.spec.role == "ask") is (kind == "ask")
        ]
        tempo = workspace.store.runs.tempo(runs[-1].id) if runs else None
        return tempo.active_seconds if tempo else None
    jobs = [job for job in workspace.store.jobs.all() if job.student == name and job.ended and job.started]
    return (jobs[-1].ended or 0) - (jobs[-1].started or 0) if jobs else None


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
    }
    return {what: (f'prices."{model}"', kind.value) for what, (model, kind) in named.items()}
