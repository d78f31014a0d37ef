"""Labeling runs as a person looks at them: how far, how fast, at what cost, what failed. Asks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stillroom.errors import UsageError
from stillroom.money import Amount, Budget
from stillroom.steps.namesakes import beside_words
from stillroom.steps.quoting import plan_command
from stillroom.steps.tallying import tally
from stillroom.steps.targets import ROLES, TEACHER, is_undeployed, target
from stillroom.steps.workspace import Workspace
from stillroom.store import AnswerRow, FailureRow, Run

_NEWEST = 12
_FAILURES = 200
"""Failures that are listed; the counts count all."""

_ADVICE = {
    "throttled": "too many calls at once; ask again, or lower limits.concurrency",
    "refused": "the model would not answer; look at the picture or the prompt",
    "truncated": "the answer was cut; raise {table}.max_tokens",
    "unparsable": "not a list of keywords; look at the answer, change the prompt",
    "invalid": "the service found the picture or the request invalid",
    "access": "credentials, permission or model access: stillroom doctor",
    "service": "the service failed or did not answer; ask again",
    "unknown": "the connection was lost during the call; ask again",
}


def advice(failure: str, name: str) -> str:
    """What to do about a failure of a class; empty where nothing is known.

    Args:
        failure: The class, such as ``truncated``.
        name: Whose run it is: the teacher has settings of its own, all others have the student's.
    """
    return _ADVICE.get(failure, "").format(table=TEACHER if name == TEACHER else "student")


@dataclass(frozen=True, slots=True)
class RunView:
    """One labeling run."""

    id: int | None
    """None: it has not begun."""
    name: str
    model: str
    prompt_version: str
    pictures: int
    """Unique pictures that it is about."""
    answered: int
    imported: int
    """Of ``answered``, those that have only an imported label."""
    failed: int
    left: int
    """Pictures that the next run asks about."""
    left_usd: Amount
    interrupted: int
    """Calls that were begun and never heard of again."""
    holder: int | None
    """Process that is labeling right now; None: nobody."""
    paused: bool
    """Whether that process has paused it."""
    usd: Decimal | None
    """Spent so far; None: a price is unknown."""
    usd_unknown: Decimal | None
    """Upper bound of attempts with an unknown outcome; None: a price is unknown."""
    input_tokens: float
    """Mean of an answered call; 0 before the first."""
    output_tokens: float
    estimated_input_tokens: float
    attempts: int
    unknown: int
    per_second: float
    """Answers a second while somebody was labeling."""
    p50_ms: int
    p95_ms: int
    classes: tuple[tuple[str, int], ...]
    """Failures by class, most frequent first."""
    failures: tuple[FailureRow, ...]
    newest: tuple[AnswerRow, ...]
    """Newest first."""
    command: str
    """The headless command that goes on with it."""
    beside: str = ""
    """That somebody labels under its name with other settings, and nobody with these; empty: nobody does."""
    undeployed: bool = False
    """A student that nobody can ask before it is deployed."""

    @property
    def begun(self) -> bool:
        """Whether there is anything of it yet."""
        return bool(self.interrupted or self.answered or self.failed or self.attempts)


@dataclass(frozen=True, slots=True)
class RunsView:
    """All runs of the project, and one of them in full."""

    names: tuple[str, ...]
    """Teacher first, then by the time they last advanced, newest first. Only who can still be asked: not
    students that were deleted."""
    shown: RunView | None
    """None: there is nothing to label yet."""
    budget: Budget


def runs_view(workspace: Workspace, name: str | None = None) -> RunsView:
    """Gather the runs, and one of them in full.

    Args:
        workspace: The project.
        name: The run to show; None: the one that advanced last. Where that shows nothing, the teacher's.
    """
    runs = [run for run in workspace.store.runs.all() if run.spec.role in ROLES]
    runs = [run for run in runs if run.spec.name != "imported"]
    latest = sorted(runs, key=lambda run: run.advanced, reverse=True)
    known = [
        each for each in dict.fromkeys(run.spec.name for run in latest) if _can_be_asked(workspace, each)
    ]
    names = tuple(dict.fromkeys([TEACHER, *known]))
    if name is None or not _can_be_asked(workspace, name):
        name = next(iter(known), TEACHER)
    shown = _view(workspace, name)
    if shown is None and name != TEACHER:
        shown = _view(workspace, TEACHER)
    return RunsView(names, shown, workspace.budget())


def _can_be_asked(workspace: Workspace, name: str) -> bool:
    try:
        target(workspace, name)
    except UsageError:
        return False
    return True


def _view(workspace: Workspace, name: str) -> RunView | None:
    """One run in full; None where there is no picture that it is about."""
    counted = tally(workspace, name)
    if not counted.pictures:
        return None
    store, spec = workspace.store, counted.target.spec
    run: Run | None = store.runs.get(counted.run) if counted.run is not None else None
    line = next((one for one in store.spending.lines() if run is not None and one.run == run.id), None)
    tempo = store.runs.tempo(run.id) if run is not None else None
    calls = line.calls if line is not None else 0
    measured = store.spending.measured(spec.model, spec.prepare_key, spec.prompt_version) if calls else None
    failures = store.runs.failures(run.id, most=_FAILURES) if run is not None else []
    return RunView(
        id=run.id if run else None,
        name=name,
        model=spec.model,
        prompt_version=spec.prompt_version,
        pictures=counted.pictures,
        answered=counted.answered,
        imported=counted.imported,
        failed=counted.failed,
        left=counted.left,
        left_usd=counted.price,
        interrupted=counted.interrupted,
        holder=run.holder if run else None,
        paused=counted.paused,
        usd=Decimal(0) if line is None else None if line.unpriced else line.usd,
        usd_unknown=line.bound_unknown if line else Decimal(0),
        input_tokens=line.input_tokens / calls if line and calls else 0.0,
        output_tokens=line.output_tokens / calls if line and calls else 0.0,
        estimated_input_tokens=measured.estimated_input_tokens if measured else 0.0,
        attempts=line.attempts if line else 0,
        unknown=line.unknown if line else 0,
        per_second=tempo.per_second if tempo else 0.0,
        p50_ms=tempo.p50_ms if tempo else 0,
        p95_ms=tempo.p95_ms if tempo else 0,
        classes=tuple((kind.value, count) for kind, count in run.counts.classes) if run else (),
        failures=tuple(failures),
        newest=tuple(store.answers.latest(run.id, _NEWEST)) if run else (),
        command=plan_command("label", name),
        beside=beside_words(workspace, spec) if counted.holder is None else "",
        undeployed=is_undeployed(spec),
    )
