"""One labeling run, wired: engine, Converse, journal, meter, pace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from stillroom.errors import BudgetReached, Interrupted, Refused, Unreachable
from stillroom.labeling import Ask, Item, Pace, RunResult, StoppedBy
from stillroom.labeling.crew import Question
from stillroom.labeling.engine import label
from stillroom.labeling.run import Books, Conduct, Signals
from stillroom.money import Meter, Reading, usd
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.steps import sandboxed
from stillroom.steps.asking import resolved_pace, token_prices
from stillroom.steps.judging import accept, judge_anew
from stillroom.steps.plan import Watch
from stillroom.steps.quoting import sentences
from stillroom.steps.regions import region_asked
from stillroom.steps.run_progress import run_progress
from stillroom.steps.sides import settle_side
from stillroom.steps.targets import Target
from stillroom.steps.teaching import imported_contents
from stillroom.steps.unsent import unsent_words
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, Run
from stillroom.store.ballast import set_aside


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Who is to be asked about what."""

    target: Target
    """Whose run it is."""
    model: str
    """What Converse is given."""
    items: Sequence[Item]
    """What to ask about; what others have had answered since it was chosen is not asked about again."""
    chosen: Sequence[ContentRow]
    """The pictures of ``items`` as they were when chosen; what was left out since is not asked about."""
    again: bool
    """Whether to ask again what failed before."""
    imported_too: bool = True
    """Whether to ask about pictures whose label was imported, before this or since."""


@dataclass(frozen=True, slots=True)
class Inquired:
    """What came of an inquiry; a refusal or a reached budget is a result here."""

    run: Run
    cost: Reading
    result: RunResult
    left_out: frozenset[str]
    """Contents that nobody was asked about: since they were chosen left out, flagged, or without a side."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """A line where pictures of the plan were left out of it."""
        if not self.left_out:
            return ()
        pictures = plural(len(self.left_out), "picture was", "pictures were")
        them = "it" if len(self.left_out) == 1 else "them"
        return (f"{pictures} left out after the plan was made: nobody was asked about {them}.",)


def converse(workspace: Workspace, inquiry: Inquiry, watch: Watch) -> Inquired:
    """Ask about every item; each answer is stored before it counts.

    Args:
        workspace: The project.
        inquiry: Whom to ask about what.
        watch: Where progress goes and signals come from.

    Raises:
        StoreBusy: Somebody else works on this run, or another process spends under the budget.
        BudgetReached: There is a budget and no known price.
        StorageFull: The disk is full. Answers that were under way are stored in the room kept for them.
    """
    wanted, store = inquiry.target, workspace.store
    spec = wanted.spec
    pace = resolved_pace(workspace, wanted, inquiry.model)
    tokens = token_prices(workspace, spec, inquiry.model)
    with _asker(workspace, inquiry, pace) as ask, workspace.spending() as share:
        meter = Meter(tokens, max_tokens=spec.inference.max_tokens, share=share, what=spec.name)
        settle_side(workspace)
        run = store.runs.start_or_find(spec)
        with store.runs.claim(run.id, watch.signals.cancelled) as claim:
            judge_anew(workspace, run, claimed=True)
            # Who agrees to a plan may do so long after it was made, and pictures take their time to prepare.
            still = _still_to_ask(workspace, run, inquiry)
            asked = {item.content for item in still}
            left_out = _left_out(workspace, [row for row in inquiry.chosen if row.content in asked])
            with set_aside(store.path.parent, min(pace.concurrency, len(still))) as make_room:
                result = label(
                    [item for item in still if item.content not in left_out],
                    Question(ask, accept(workspace), spec.prompt, spec.inference),
                    Books(store.runs.journal(run.id, meter.price), meter, make_room),
                    Conduct(pace, failed_before=inquiry.again),
                    signals=Signals(watch.signals.cancelled, watch.signals.abandoned, watch.signals.paused),
                    report=lambda progress: watch.slot.put(run_progress(spec, progress, share.limit)),
                )
            if result.stopped_by is not StoppedBy.FINISHED:
                claim.cut_short()
    # A pause that came with the last answers holds up nothing: the steps that follow are not paused.
    watch.signals.paused.clear()
    return Inquired(run, meter.reading(0), result, left_out)


@contextmanager
def _asker(workspace: Workspace, inquiry: Inquiry, pace: Pace) -> Iterator[Ask]:
    """Converse, connected while the block runs."""
    from stillroom.aws.converse import Converse

    spec = inquiry.target.spec
    ask = Converse(
        workspace.session(region_asked(workspace, spec.name, inquiry.model)),
        inquiry.model,
        concurrency=pace.concurrency,
        metadata={"stillroom-project": workspace.settings.project.id, "run": spec.name},
    )
    ask.open()
    try:
        yield ask
    finally:
        ask.close()


def _still_to_ask(workspace: Workspace, run: Run, inquiry: Inquiry) -> list[Item]:
    """What nobody else has answered; while the run is held no label is imported."""
    contents = (item.content for item in inquiry.items)
    still = set(workspace.store.runs.todo(run.id, contents, again=inquiry.again))
    if not inquiry.imported_too:
        still -= imported_contents(workspace)
    return [item for item in inquiry.items if item.content in still]


def _left_out(workspace: Workspace, chosen: Sequence[ContentRow]) -> frozenset[str]:
    """Contents that no model is meant to see any more, though they were chosen."""
    found = workspace.store.pictures.contents(only=[row.content for row in chosen])
    now = {row.content: row for row in found}
    return frozenset(row.content for row in chosen if _is_left_out(row, now.get(row.content)))


def _is_left_out(before: ContentRow, now: ContentRow | None) -> bool:
    """Whether a picture was taken out since; one that was asked about although it is out stays."""
    if now is None:
        return True  # flagged, or its files are gone
    nowhere = (None, Side.OUT)
    return (now.excluded and not before.excluded) or (now.side in nowhere and before.side not in nowhere)


def raise_unless_finished(
    workspace: Workspace,
    inquired: Inquired,
    name: str,
    *,
    unsent: int = 0,
    rest: Callable[[int], str] | None = None,
) -> None:
    """Turn a run that ended early into the error that says so.

    Args:
        workspace: The project.
        inquired: What came of it.
        name: Who was asked.
        unsent: Pictures that could not be sent, because of their files: they are left, too.
        rest: Gives the command that asks about so many pictures that are left; None: the same does it.

    Raises:
        Refused: Asking on is useless.
        BudgetReached: The next call could pass the budget.
        Unreachable: The endpoint was out of reach, or failed every call, for too long.
        Interrupted: The user stopped it.
    """
    result = inquired.result
    left = _how_far(result, inquired.cost, unsent)
    look = "Look at the folder: stillroom scan" if unsent else ""
    if result.stopped_by is StoppedBy.REFUSED:
        whose = "" if name in result.message else f"{name}: "  # many messages name the model themselves
        raise Refused(
            f"{whose}{result.message} ({left})",
            sentences((result.todo or "Run: stillroom doctor", look)),
            code=result.code,
        )
    if result.stopped_by is StoppedBy.BUDGET:
        raise BudgetReached(
            f"The budget is reached: {_next_call(inquired.cost)}. {left}",
            sentences(("Raise limits.budget in stillroom.toml, then do the same again.", look)),
        )
    todo = "The same command goes on from there."
    if rest is not None and result.left + unsent:
        todo = f"To go on from there: {rest(result.left + unsent)}"
    todo = sentences((look, todo))
    if result.stopped_by is StoppedBy.UNREACHABLE:
        if workspace.settings.aws.sandbox and sandboxed.find(workspace.root) is None:
            what, again = f"The project's sandbox has stopped. {left}", "It is started again when you go on."
            raise Unreachable(what, f"{again} {todo}")
        what = f"The endpoint of {name} cannot be reached ({result.code}). {left}"
        raise Unreachable(what, sentences((result.todo, todo)))
    if result.stopped_by is StoppedBy.UNSERVED:
        said = f"{result.code}: {result.message.rstrip('.')}"
        what = f"{name} has failed every call for too long ({said}). {left}"
        raise Unreachable(what, sentences((result.todo, todo)))
    if result.stopped_by is StoppedBy.CANCELLED:
        raise Interrupted(f"Stopped. {left}", todo)


def _next_call(cost: Reading) -> str:
    """Why the budget lets no more calls be made: something may be left of it."""
    if cost.refused is None:
        return "the next call could pass it"
    return f"the next call may cost up to {usd(cost.refused)} and could pass it"


def _how_far(result: RunResult, cost: Reading, unsent: int) -> str:
    """What a run that ended early has done, left undone and cost, in one sentence."""
    failed = sum(result.failed.values())
    said = f"{result.done:,} answered and kept{f', {failed:,} failed' if failed else ''}"
    paid = "what was paid is unknown" if cost.spent is None else f"{usd(cost.spent)} was paid"
    lost = f", of which {unsent_words(unsent)}" if unsent else ""
    said += f", {result.left + unsent:,} left{lost}; {paid}"
    if result.unknown:
        more = "more" if cost.uncertain is None else f"at most {usd(cost.uncertain)} more"
        said += f", {plural(result.unknown, 'call')} of unknown outcome may cost {more}"
    return f"{said}."
