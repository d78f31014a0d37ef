"""Costs: an estimate of what is left beside what has been spent, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from stillroom.errors import StillroomError
from stillroom.money import Amount, Band, Kind, Price
from stillroom.money.amounts import UNKNOWN, total
from stillroom.money.estimate import Line
from stillroom.pictures import Side
from stillroom.records import target_of
from stillroom.records.tokens import text_tokens
from stillroom.steps import asking
from stillroom.steps.finished import monthly
from stillroom.steps.labeling import Label
from stillroom.steps.mending import flaws
from stillroom.steps.orders import Example, examples, sizes_met
from stillroom.steps.preparing import fitted, prepare_key
from stillroom.steps.price_notes import idle_prices
from stillroom.steps.spent import SpentSoFar, is_unverified, keeping_price, spent_so_far
from stillroom.steps.targets import TEACHER, UNTUNED, student_spec
from stillroom.steps.trainable import contents_to_train_on, is_trainable
from stillroom.steps.trained import DEAD, NO_STUDENT, trained_sizes
from stillroom.steps.trained_anew import student_name
from stillroom.steps.training import Train
from stillroom.steps.training_prices import mean_tokens, training_price
from stillroom.steps.upload import S3, storage_price, storage_prices, upload_estimate
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, SpendingLine


@dataclass(frozen=True, slots=True)
class Left:
    """What a step is still going to cost."""

    step: str
    usd: Amount
    """Unknown where a price is unknown."""
    seconds: Band | None
    how: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class Spent:
    """What a step has cost."""

    step: str
    model: str
    calls: int
    """Calls that were answered and so paid for, usable or not; 0: not a labeling step."""
    attempts: int
    """Calls made, retries included. One without an answer, such as a throttled one, costs nothing."""
    input_tokens: int
    output_tokens: int
    usd: Decimal | None
    """None: a price is unknown, or a job's outcome is: then it is ``usd_unknown`` at most."""
    estimated: bool
    """True: reckoned, not measured (training, storage); AWS's bill decides."""
    unverified: bool
    """True: it rests on a price that nobody has confirmed."""
    unknown: int
    """Attempts whose outcome is not known, and a job that was stopped or has failed."""
    usd_unknown: Decimal | None
    """Their upper bound; not in ``usd``. None: a price is unknown."""
    estimated_input_tokens: float | None
    """Mean that had been estimated for a call; None: not a labeling step."""
    ratio: float | None
    """Measured input tokens over estimated ones."""
    line: SpendingLine = field(metadata={"private": True})
    """What the store says of it."""


@dataclass(frozen=True, slots=True)
class PriceUsed:
    """A price as it is now; what was paid earlier may rest on another."""

    what: str
    usd: Decimal | None
    unit: str
    source: str
    date: str
    unverified: bool
    note: str


@dataclass(frozen=True, slots=True)
class CostResult:
    """Money of the whole project."""

    left: tuple[Left, ...]
    left_usd: Amount
    """Unknown also while a picture is not scanned, or has no side yet: it is in no step of ``left``."""
    spent: tuple[Spent, ...]
    spent_usd: Decimal | None
    """Sum of what is known; None when a step's price is unknown."""
    spent_kept_usd: Decimal | None
    """Of it, for keeping students so far; None: a price is unknown."""
    spent_as_of: float
    """Unix time up to which the keeping is counted: now."""
    spent_unknown_usd: Decimal | None
    """Upper bound of attempts with unknown outcome, and of jobs that were stopped or have failed; None: no
    price is known for some."""
    spent_high_usd: Decimal
    """What the budget counts: jobs and unknown outcomes at their highest, as far as prices are known."""
    budget_usd: Decimal | None
    prices: tuple[PriceUsed, ...]
    remarks: tuple[str, ...]
    """Prices of the project file that count for nothing."""
    s3_files: int
    """Files that were sent to the project's bucket."""
    s3_bytes: int
    s3_usd: Decimal | None
    """Reckoned price of sending them and of their first month; in no other sum. None: a price is unknown."""
    s3_unverified: bool
    """Whether that price is one that was not verified."""
    monthly_usd: Amount
    """What the students that exist cost a month, used or not."""


def cost(workspace: Workspace) -> CostResult:
    """Reckon; reads only what is stored."""
    left = tuple(_left(workspace))
    spent = spent_so_far(workspace)
    bucket = workspace.settings.aws.bucket
    sent, size = workspace.store.records.sent(bucket) if bucket else (0, 0)
    return CostResult(
        left=left,
        left_usd=total(one.usd for one in left) if workspace.store.pictures.summary().scanned else UNKNOWN,
        spent=tuple(_spent(workspace, spent)),
        spent_usd=spent.usd,
        spent_kept_usd=spent.kept_usd,
        spent_as_of=spent.as_of,
        spent_unknown_usd=spent.usd_unknown,
        spent_high_usd=spent.most,
        budget_usd=workspace.settings.limits.budget,
        prices=tuple(prices_used(workspace)),
        remarks=tuple(idle_prices(workspace, (S3, *(line.model for line in spent.lines)))),
        s3_files=sent,
        s3_bytes=size,
        s3_usd=storage_price(workspace, sent, size).likely,
        s3_unverified=any(price.unverified for price in storage_prices(workspace)),
        monthly_usd=monthly(workspace),
    )


def estimate_lines(workspace: Workspace) -> list[Line]:
    """Every step that is still to be paid, in the order in which a run pays it; what is done is not in it."""
    teacher, untuned = Label(TEACHER).reckon(workspace), Label(UNTUNED).reckon(workspace)
    upload = upload_estimate(workspace, afresh=teacher.count > 0)
    trained, waiting = _training(workspace, {row.content for row in teacher.rows})
    return [
        *([teacher.line] if teacher.count else ()),
        *([upload] if upload else ()),
        *trained,
        *([untuned.line] if untuned.count else ()),
        *_students(workspace, waiting),
    ]


def _left(workspace: Workspace) -> Iterator[Left]:
    for line in estimate_lines(workspace):
        yield Left(line.what, line.amount, line.seconds, line.how, line.unverified)


def _training(workspace: Workspace, unlabeled: Set[str]) -> tuple[list[Line], list[str]]:
    """Training that is still to come, and the names of students that are not there yet.

    Args:
        workspace: The project.
        unlabeled: Contents that the teacher is still going to label: records with them are still to be built.
    """
    labeled = examples(workspace, Side.TRAIN)
    chosen = contents_to_train_on(workspace, unlabeled, labeled)
    sizes = sizes_met(workspace.settings.training.sizes, len(chosen)) if chosen else ()
    built = {file.size for file in workspace.store.records.files()}
    asked_for = built or workspace.store.jobs.all()
    stale = {flaw.size for flaw in flaws(workspace)} if asked_for else set()
    known = [size for size in sizes if not unlabeled & set(chosen[:size])]
    ready = [size for size in known if size in built and size not in stale]
    # Records that are made anew may be those of an earlier student.
    before = trained_sizes(workspace, [size for size in known if size in stale])
    try:
        # Of records that were built in other ways nobody can say yet whether they have been trained.
        plan = Train(tuple(ready)).reckon(workspace) if ready else None
    except StillroomError:
        plan, ready = None, []
    lines = [_named(one.line, f"train {one.student}") for one in plan.wanted] if plan else []
    lines += _unbuilt(workspace, [size for size in sizes if size not in {*ready, *before}], labeled)
    named = [line.what.removeprefix("train ") for line in lines]
    going = [job.student for job in workspace.store.jobs.all() if job.arn and job.status not in NO_STUDENT]
    there = {row.name for row in workspace.store.students.all(deleted=True)}
    return lines, [name for name in (*named, *going) if name not in there]


def _unbuilt(workspace: Workspace, sizes: Sequence[int], labeled: Sequence[Example]) -> Iterator[Line]:
    """Training of sizes that have no records yet, as it will be once they have."""
    settings = workspace.settings
    for size in filter(is_trainable, sizes):
        tokens = mean_tokens(workspace, labeled[:size])
        if tokens is None or not tokens[1]:
            tokens = _guessed_tokens(workspace, _rows(workspace, Side.TRAIN))
        what = f"train {student_name(workspace, size)}"
        yield training_price(workspace, what, size, settings.training.hyperparameters, tokens)


def _guessed_tokens(workspace: Workspace, rows: list[ContentRow]) -> tuple[float, float] | None:
    """Tokens of text and picture in a record before there is any label.

    None: it is not known how the base model counts.
    """
    settings = workspace.settings
    if target_of(settings.training.base_model) is None:
        return None
    prompt = settings.prompt.prompt
    text = text_tokens(prompt.system) + text_tokens(prompt.user) + asking.USUAL_OUTPUT
    sizes = [fitted(row.width, row.height, settings.prepare) for row in rows]
    pictures = [asking.picture_estimate(settings.training.base_model, *size) for size in sizes]
    return text, sum(pictures) / len(pictures) if pictures else 0.0


def _students(workspace: Workspace, waiting: list[str]) -> list[Line]:
    """Asking each student about the test pictures that it has no answer for."""
    unfit = workspace.store.pictures.unfit(prepare_key(workspace.settings.prepare))
    test = [row for row in _rows(workspace, Side.TEST) if row.content not in unfit]
    trained_on = {job.student: job.base_model for job in workspace.store.jobs.all() if job.status not in DEAD}
    # Where one is tells what it costs.
    there = {row.name: row.arn for row in workspace.store.students.all()}
    lines = []
    for name in dict.fromkeys([*there, *waiting]):
        # The base model may have been changed since.
        base = trained_on.get(name, workspace.settings.training.base_model)
        spec = student_spec(workspace, name, there.get(name, base), base)
        run = workspace.store.runs.find(spec)
        settled = (
            {c for c, state in workspace.store.runs.states(run.id).items() if state in ("done", "failed")}
            if run
            else set()
        )
        missing = [row for row in test if row.content not in settled]
        if missing:
            lines.append(asking.price(workspace, spec, missing))
    return lines


def _rows(workspace: Workspace, side: Side) -> list[ContentRow]:
    return [row for row in workspace.store.pictures.contents((side,)) if not row.excluded]


def _named(line: Line, what: str) -> Line:
    return Line(line.step, what, line.amount, line.how, line.seconds, line.unverified)


def _spent(workspace: Workspace, so_far: SpentSoFar) -> Iterator[Spent]:
    key = prepare_key(workspace.settings.prepare)
    for line in so_far.lines:
        measured = workspace.store.spending.measured(line.model, key) if line.calls else None
        ratio = None
        if measured is not None and measured.estimated_input_tokens:
            ratio = measured.input_tokens / measured.estimated_input_tokens
        yield Spent(
            step=line.step,
            model=line.model,
            calls=line.calls,
            attempts=line.attempts,
            input_tokens=line.input_tokens,
            output_tokens=line.output_tokens,
            usd=None if line.unpriced or (line.job and line.unknown) else line.usd,
            estimated=not line.calls and not line.attempts,
            unverified=is_unverified(workspace, line),
            unknown=line.unknown,
            usd_unknown=line.bound_unknown,
            estimated_input_tokens=measured.estimated_input_tokens if measured else None,
            ratio=ratio,
            line=line,
        )


def other_models(workspace: Workspace) -> dict[str, bool]:
    """Models that were paid for and are no longer, or never were, those of the settings.

    Returns:
        By model, whether it was asked as the teacher. Students are not in it: a base model's price is theirs.
    """
    settings = workspace.settings
    known = {settings.teacher.model, settings.student.model}
    return {
        line.model: line.step == f"label {TEACHER}"
        for line in workspace.store.spending.lines()
        if line.run is not None and line.model not in known and not line.model.startswith("arn:")
    }


def prices_used(workspace: Workspace) -> Iterator[PriceUsed]:
    """The prices that the project's models have now."""
    settings = workspace.settings
    aws = settings.aws
    teacher = workspace.prices.tokens(settings.teacher.model, region=aws.region_of_teacher)
    untuned = workspace.prices.tokens(settings.student.model, region=aws.region)
    base = settings.training.base_model
    sending, keeping = storage_prices(workspace)
    named: dict[str, Price] = {
        f"teacher {settings.teacher.model}, input": teacher.input,
        f"teacher {settings.teacher.model}, output": teacher.output,
        f"student {settings.student.model}, input": untuned.input,
        f"student {settings.student.model}, output": untuned.output,
        f"training of {base}": workspace.prices.price(base, Kind.TRAINING, region=aws.region),
        f"tuned {base}, input": workspace.prices.price(base, Kind.CUSTOM_INPUT, region=aws.region),
        f"tuned {base}, output": workspace.prices.price(base, Kind.CUSTOM_OUTPUT, region=aws.region),
        "keeping a custom model": keeping_price(workspace, base),
        "S3, sending": sending,
        "S3, keeping": keeping,
    }
    for model, of_teacher in other_models(workspace).items():
        tokens = workspace.prices.tokens(model, region=aws.region_of_teacher if of_teacher else aws.region)
        named |= {f"{model}, input": tokens.input, f"{model}, output": tokens.output}
    for what, price in named.items():
        yield PriceUsed(
            what, price.amount, price.unit, price.source, price.date, price.unverified, price.note
        )
