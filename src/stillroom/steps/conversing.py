"""One labeling run, wired: engine, Converse, journal, meter, pace."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from stillroom import background
from stillroom.errors import BudgetReached, Interrupted, Refused
from stillroom.labeling import Progress, RunResult, StoppedBy
from stillroom.labeling.values import Item
from stillroom.money import Meter, usd
from stillroom.steps.asking import resolved_pace, token_prices
from stillroom.steps.judging import accept, judge_anew
from stillroom.steps.plan import Watch
from stillroom.steps.targets import Target
from stillroom.steps.workspace import Workspace
from stillroom.store import Run, RunSpec


def converse(
    workspace: Workspace, wanted: Target, model: str, items: Sequence[Item], watch: Watch, *, again: bool
) -> tuple[Run, Meter, RunResult]:
    """Ask ``model`` about every item; each answer is stored before it counts.

    An item that another process has had answered since it was chosen is not asked about again.

    Args:
        workspace: The project.
        wanted: Whose run it is.
        model: What Converse is given.
        items: What to ask about.
        watch: Where progress goes and signals come from.
        again: Ask again what failed before.

    Returns:
        The run, what it cost, and how it ended: a refusal or a reached budget is a result here.

    Raises:
        StoreBusy: Another process works on this run, or spends under the budget.
        BudgetReached: There is a budget and no known price.
    """
    from stillroom.aws.converse import Converse
    from stillroom.labeling.engine import label

    spec, store = wanted.spec, workspace.store
    tokens = token_prices(workspace, spec, wanted.of_teacher, model)
    pace = resolved_pace(workspace, wanted, model)
    ask = Converse(
        workspace.session(teacher=wanted.of_teacher),
        model,
        concurrency=pace.concurrency,
        metadata={"stillroom-project": workspace.settings.project.id, "run": spec.name},
    )
    ask.open()
    try:
        with workspace.spending() as left:
            meter = Meter(tokens, max_tokens=spec.inference.max_tokens, budget=left, what=spec.name)
            run = store.runs.start_or_find(spec)
            judge_anew(workspace, run)
            with store.runs.claim(run.id) as claim:
                asked = _still_to_ask(workspace, run, items, again=again)
                result = label(
                    asked,
                    total=len(asked),
                    ask=ask,
                    accept=accept(workspace),
                    journal=store.runs.journal(run.id, meter.price),
                    meter=meter,
                    pace=pace,
                    prompt=spec.prompt,
                    inference=spec.inference,
                    cancelled=watch.signals.cancelled,
                    abandoned=watch.signals.abandoned,
                    paused=watch.signals.paused,
                    report=lambda progress: watch.slot.put(as_progress(spec, progress, left.limit)),
                )
                if result.stopped_by is not StoppedBy.FINISHED:
                    claim.cut_short()
    finally:
        ask.close()
    return run, meter, result


def _still_to_ask(workspace: Workspace, run: Run, items: Sequence[Item], *, again: bool) -> list[Item]:
    still = frozenset(workspace.store.runs.todo(run.id, (item.content for item in items), again=again))
    return [item for item in items if item.content in still]


def as_progress(spec: RunSpec, run: Progress, budget: Decimal | None) -> background.Progress:
    """A labeling run's progress as every front end shows progress."""
    details = []
    if run.throttles:
        details.append(f"{run.throttles} throttled")
    if run.projected is not None and run.left:
        details.append(f"about {usd(run.projected)} in all")
    return background.Progress(
        doing=f"label {spec.name}",
        done=run.done + run.failures,
        total=run.total,
        unit="pictures",
        rate=run.rate,
        seconds_left=run.eta,
        failed=run.failures,
        usd=run.spent,
        budget_usd=budget,
        detail=", ".join(details),
    )


def raise_unless_finished(result: RunResult, name: str) -> None:
    """Turn a run that ended early into the error that says so.

    Raises:
        Refused: Asking on is useless.
        BudgetReached: The next call could pass the budget.
        Interrupted: The user stopped it.
    """
    left = f"{result.done:,} answered and kept, {result.left:,} left."
    if result.stopped_by is StoppedBy.REFUSED:
        raise Refused(
            f"{name}: {result.message} ({left})",
            result.todo or "Run: stillroom doctor",
            code=result.code,
        )
    if result.stopped_by is StoppedBy.BUDGET:
        raise BudgetReached(
            f"The budget is reached: the next call could pass it. {left}",
            "Raise limits.budget in stillroom.toml, then run the same command again.",
        )
    if result.stopped_by is StoppedBy.CANCELLED:
        raise Interrupted(f"Stopped. {left}", "The same command goes on from there.")
