"""One labeling run, wired: engine, Converse, journal, meter, pace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from stillroom import background
from stillroom.errors import BudgetReached, Interrupted, Refused
from stillroom.labeling import Ask, Item, Pace, Progress, RunResult, StoppedBy
from stillroom.labeling.crew import Question
from stillroom.labeling.engine import label
from stillroom.labeling.run import Books, Conduct, Signals
from stillroom.money import Meter, Reading, usd
from stillroom.plural import plural
from stillroom.steps.asking import resolved_pace, token_prices
from stillroom.steps.judging import accept, judge_anew
from stillroom.steps.plan import Watch
from stillroom.steps.sides import settle_side
from stillroom.steps.targets import Target
from stillroom.steps.workspace import Workspace
from stillroom.store import Run, RunSpec


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Who is to be asked about what."""

    target: Target
    """Whose run it is."""
    model: str
    """What Converse is given."""
    items: Sequence[Item]
    """What to ask about; what others have had answered since it was chosen is not asked about again."""
    again: bool
    """Whether to ask again what failed before."""


@dataclass(frozen=True, slots=True)
class Inquired:
    """What came of an inquiry; a refusal or a reached budget is a result here."""

    run: Run
    cost: Reading
    result: RunResult


def converse(workspace: Workspace, inquiry: Inquiry, watch: Watch) -> Inquired:
    """Ask about every item; each answer is stored before it counts.

    Args:
        workspace: The project.
        inquiry: Whom to ask about what.
        watch: Where progress goes and signals come from.

    Raises:
        StoreBusy: Somebody else works on this run, or another process spends under the budget.
        BudgetReached: There is a budget and no known price.
    """
    wanted, store = inquiry.target, workspace.store
    spec = wanted.spec
    pace = resolved_pace(workspace, wanted, inquiry.model)
    tokens = token_prices(workspace, spec, wanted.of_teacher, inquiry.model)
    with _asker(workspace, inquiry, pace) as ask, workspace.spending() as share:
        meter = Meter(tokens, max_tokens=spec.inference.max_tokens, share=share, what=spec.name)
        settle_side(workspace)
        run = store.runs.start_or_find(spec)
        judge_anew(workspace, run)
        with store.runs.claim(run.id) as claim:
            result = label(
                _still_to_ask(workspace, run, inquiry),
                Question(ask, accept(workspace), spec.prompt, spec.inference),
                Books(store.runs.journal(run.id, meter.price), meter),
                Conduct(pace),
                signals=Signals(watch.signals.cancelled, watch.signals.abandoned, watch.signals.paused),
                report=lambda progress: watch.slot.put(as_progress(spec, progress, share.limit)),
            )
            if result.stopped_by is not StoppedBy.FINISHED:
                claim.cut_short()
    # A pause that came with the last answers holds up nothing: the steps that follow are not paused.
    watch.signals.paused.clear()
    return Inquired(run, meter.reading(0), result)


@contextmanager
def _asker(workspace: Workspace, inquiry: Inquiry, pace: Pace) -> Iterator[Ask]:
    """Converse, connected while the block runs."""
    from stillroom.aws.converse import Converse

    ask = Converse(
        workspace.session(teacher=inquiry.target.of_teacher),
        inquiry.model,
        concurrency=pace.concurrency,
        metadata={"stillroom-project": workspace.settings.project.id, "run": inquiry.target.spec.name},
    )
    ask.open()
    try:
        yield ask
    finally:
        ask.close()


def _still_to_ask(workspace: Workspace, run: Run, inquiry: Inquiry) -> list[Item]:
    contents = (item.content for item in inquiry.items)
    still = frozenset(workspace.store.runs.todo(run.id, contents, again=inquiry.again))
    return [item for item in inquiry.items if item.content in still]


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
        run=run,
    )


def raise_unless_finished(inquired: Inquired, name: str, *, rest: Callable[[int], str] | None = None) -> None:
    """Turn a run that ended early into the error that says so.

    Args:
        inquired: What came of it.
        name: Who was asked.
        rest: Gives the command that asks about so many pictures that are left; None: the same does it.

    Raises:
        Refused: Asking on is useless.
        BudgetReached: The next call could pass the budget.
        Interrupted: The user stopped it.
    """
    result = inquired.result
    left = _how_far(result, inquired.cost)
    if result.stopped_by is StoppedBy.REFUSED:
        whose = "" if name in result.message else f"{name}: "  # many messages name the model themselves
        raise Refused(
            f"{whose}{result.message} ({left})",
            result.todo or "Run: stillroom doctor",
            code=result.code,
        )
    if result.stopped_by is StoppedBy.BUDGET:
        raise BudgetReached(
            f"The budget is reached: the next call could pass it. {left}",
            "Raise limits.budget in stillroom.toml, then run the same command again.",
        )
    if result.stopped_by is StoppedBy.CANCELLED:
        todo = "The same command goes on from there."
        if rest is not None and result.left:
            todo = f"To go on from there: {rest(result.left)}"
        raise Interrupted(f"Stopped. {left}", todo)


def _how_far(result: RunResult, cost: Reading) -> str:
    """What a run that ended early has done, left undone and cost, in one sentence."""
    failed = sum(result.failed.values())
    said = f"{result.done:,} answered and kept{f', {failed:,} failed' if failed else ''}"
    paid = "what was paid is unknown" if cost.spent is None else f"{usd(cost.spent)} was paid"
    said += f", {result.left:,} left; {paid}"
    if result.unknown:
        more = "more" if cost.uncertain is None else f"at most {usd(cost.uncertain)} more"
        said += f", {plural(result.unknown, 'call')} of unknown outcome may cost {more}"
    return f"{said}."
