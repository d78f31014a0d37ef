"""Train: one customization job for each training size, written down before it is created."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from stillroom.background import Progress
from stillroom.errors import Interrupted, UsageError
from stillroom.money import Amount, Band
from stillroom.money.amounts import total
from stillroom.money.estimate import Line as PriceLine
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.records import target_of
from stillroom.steps.comparable import untested
from stillroom.steps.deleted import not_again, passed_over
from stillroom.steps.mending import (
    fewer_than_named,
    flaws,
    mended_by,
    out_of_date,
    refuse_altered,
    refuse_out_of_date,
)
from stillroom.steps.orders import Example, built, examples, present_files, unmet
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.price_notes import price_notes
from stillroom.steps.quoting import plan_command, sentences
from stillroom.steps.scanned import refuse_changed_since_scan
from stillroom.steps.sides import settle_side
from stillroom.steps.starting import Started, start, take_unanswered
from stillroom.steps.trainable import refuse_files, refuse_hyperparameters
from stillroom.steps.trained import (
    DEAD,
    deleted_jobs,
    outdated,
    outdated_remarks,
    records_uri,
    training_of,
    trainings,
)
from stillroom.steps.trained_anew import student_name, why_anew
from stillroom.steps.trained_where import refuse_region
from stillroom.steps.training_prices import keeping_notes, mean_tokens, training_price
from stillroom.steps.turns import alone_after_a_look
from stillroom.steps.unlabeled import still_to_label
from stillroom.steps.upload import uploads
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow, RecordsFile
from stillroom.training import Hyperparameters, JobStatus
from stillroom.training.estimate import billed_tokens
from stillroom.training.hyperparameters import as_strings
from stillroom.training.names import job_name

_NO_JOB = "no job is started when it may cost more"
_TRAINING = "training"
"""What a budget is told that it pays for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One job to be created, or one that was begun and has no answer yet."""

    student: str
    file: RecordsFile
    line: PriceLine
    tokens: int
    again: JobRow | None
    """A job that was written down before the program died: its token is used again."""


@dataclass(frozen=True, kw_only=True)
class TrainPlan(Plan):
    """Which jobs to start."""

    students: tuple[str, ...]
    hyperparameters: Hyperparameters
    wanted: tuple[Wanted, ...] = field(metadata={"private": True})
    uncounted: Amount = field(metadata={"private": True})
    """What of the price the budget does not count yet."""


@dataclass(frozen=True, slots=True)
class TrainResult:
    """All jobs of the asked sizes."""

    jobs: tuple[Started, ...]
    nothing: str
    """Why no job was started; empty when one was."""


@dataclass(frozen=True)
class Train:
    """Starts what has not been trained with the same records and hyperparameters."""

    sizes: tuple[int, ...] = ()
    """Empty: those that the present settings and labels make."""
    epochs: int | None = None
    """None: the project file's."""
    again: bool = False
    """Train anew whatever student of these was deleted."""

    def plan(self, workspace: Workspace) -> TrainPlan:
        """Count the jobs and reckon tokens, money and time; say what the bucket still lacks. Asks nobody.

        Raises:
            UsageError: As :meth:`reckon` does; records of other labels than the present ones, a region where
                nothing is trained, or other files are chosen than were scanned.
        """
        refuse_changed_since_scan(workspace)
        plan = self.reckon(workspace)
        _refuse(workspace, plan.wanted)
        lacking = self._not_uploaded(workspace, [one.file for one in plan.wanted])
        return replace(plan, stops=(f"{lacking.what} {lacking.todo}", *plan.stops)) if lacking else plan

    def reckon(self, workspace: Workspace) -> TrainPlan:
        """The same without a look at what was uploaded.

        Raises:
            UsageError: No records, or not those that were built; no role, or a hyperparameter or a number of
                records that the service refuses.
        """
        settings = workspace.settings
        hyper = settings.training.hyperparameters
        if self.epochs is not None:
            hyper = replace(hyper, epochs=self.epochs)
        files = self._files(workspace)
        refuse_files(files)
        refuse_hyperparameters(hyper, settings.training.base_model)
        if not settings.aws.role_arn:
            raise UsageError("No service role is set.", "Run: stillroom setup")
        done = trainings(workspace, deleted=not self.again)
        labeled = examples(workspace, Side.TRAIN)
        wanted = []
        for file in files:
            known = done.get(_training_of(workspace, file, hyper))
            if known is None or known.arn is None:
                line, tokens = self._price(workspace, file, hyper, known, labeled)
                wanted.append(Wanted(line.what, file, line, tokens, known))
        refuse_altered(workspace, _given(workspace, [one.file for one in wanted]))
        uncounted = _uncounted(wanted)
        return TrainPlan(
            verb="train",
            title=(
                f"Train {plural(len(wanted), 'student')}: " + ", ".join(one.student for one in wanted)
                if wanted
                else self._nothing(workspace, [done[_training_of(workspace, file, hyper)] for file in files])
            ),
            count=len(wanted),
            lines=tuple(Line(one.student, one.line.how) for one in wanted),
            price=total(one.line.amount for one in wanted),
            time=_together([one.line.seconds for one in wanted if one.line.seconds]),
            stops=workspace.budget_stop({_TRAINING: uncounted}, _NO_JOB) if wanted else (),
            notes=(
                (*self._notes(workspace, wanted, hyper, len(labeled)), *workspace.budget_note())
                if wanted
                else ()
            ),
            command=plan_command("train", size=self.sizes, epochs=self.epochs, again=self.again),
            needs_consent=bool(wanted),
            steps={f"train {one.student}": one.line.amount for one in wanted},
            students=tuple(one.student for one in wanted),
            hyperparameters=hyper,
            wanted=tuple(wanted),
            uncounted=uncounted,
        )

    def execute(self, workspace: Workspace, plan: TrainPlan, watch: Watch) -> TrainResult:
        """Create the jobs. Each is written down with its token before the call.

        Raises:
            BudgetReached: They could cost more than is left.
            Refused: The service refused one; those before it run.
            Interrupted: Stopped; those that were created go on.
        """
        started: list[Started] = []
        # Before anything is started: what fails then would hide the jobs.
        sizes, nothing = {file.size for file in self._files(workspace)}, plan.title
        if plan.count:
            with alone_after_a_look(workspace, "train", "is starting jobs", watch):
                take_unanswered(workspace, {one.again.name for one in plan.wanted if one.again})
                # Another process may have started some of them since they were planned.
                agreed = {one.file.sha256 for one in plan.wanted}
                now = self.reckon(workspace)
                nothing, wanted = now.title, [one for one in now.wanted if one.file.sha256 in agreed]
                if wanted:
                    _refuse(workspace, wanted)
                    self._pay_and_start(workspace, wanted, plan.hyperparameters, watch, started)
        named, gone = {one.job for one in started}, deleted_jobs(workspace)
        before = [
            Started(job.name, job.arn, job.student, job.size, False, job.status, job.name in gone)
            for job in workspace.store.jobs.all()
            if job.size in sizes and job.arn and job.status not in DEAD and job.name not in named
        ]
        every = sorted((*started, *before), key=lambda one: one.size)
        return TrainResult(tuple(every), "" if started else nothing)

    def _nothing(self, workspace: Workspace, done: Sequence[JobRow]) -> str:
        """Why there is nothing to be trained."""
        gone = deleted_jobs(workspace)
        deleted = [job.student for job in done if job.name in gone]
        others = passed_over(workspace) if self.again and not self.sizes else []
        if not deleted and not others:
            why = not_again(workspace, self.sizes) if self.again else ()
            stale = self._stale(workspace)
            what = "What was built" if stale else "Every student"
            return sentences((_state_words(what, done), *why, *stale))
        names = deleted or sorted({row.name for row in others})
        sizes = self.sizes or tuple(sorted({row.size for row in others}))
        epochs = self.epochs if deleted else None  # the others had those of the settings
        again = plan_command("train", size=sizes, epochs=epochs, again=True)
        who = f"{names[0]} was" if len(names) == 1 else f"{' and '.join(names)} were"
        return f"{who} trained and then deleted. To train anew what was deleted: {again}"

    def _stale(self, workspace: Workspace, *, beside: bool = False) -> tuple[str, ...]:
        """A sentence on files not built of the present labels; ``beside``: also on that of validation."""
        stale = [flaw for flaw in flaws(workspace, self.sizes) if flaw.size or beside]
        if not stale:
            return ()
        are, they = ("is", "it is") if len(stale) == 1 else ("are", "they are")
        paths = " and ".join(flaw.path for flaw in stale)
        made_by = mended_by(scan=any(flaw.scan for flaw in stale), sizes=self.sizes)
        return (f"{paths} {are} missing or out of date; {they} made by: {made_by}",)

    def _notes(
        self, workspace: Workspace, wanted: Sequence[Wanted], hyper: Hyperparameters, labeled: int
    ) -> tuple[str, ...]:
        uris = {one.file.size: records_uri(workspace, one.file.sha256) for one in wanted}
        return (
            *price_notes(workspace, workspace.settings.training.base_model, [one.line for one in wanted]),
            *why_anew(workspace, {one.student for one in wanted}, hyper, uris),
            *unmet(self.sizes or workspace.settings.training.sizes, labeled),
            *keeping_notes(workspace, [one.line for one in wanted]),
            *still_to_label(workspace, self.sizes),
            *self._stale(workspace, beside=_validation_file(workspace) is not None),
            *fewer_than_named(workspace, [one.file for one in wanted]),
            *outdated_remarks([row.name for row in outdated(workspace)]),
            *untested(workspace, frozenset()),
        )

    def _pay_and_start(
        self,
        workspace: Workspace,
        wanted: Sequence[Wanted],
        hyper: Hyperparameters,
        watch: Watch,
        started: list[Started],
    ) -> None:
        with workspace.spending() as purse:
            held, known = purse.reserve(_uncounted(wanted), _TRAINING), _counted(workspace)
            try:
                self._start(workspace, wanted, hyper, watch, started)
            finally:
                purse.settle(held, _counted(workspace) - known)

    def _start(
        self,
        workspace: Workspace,
        every: Sequence[Wanted],
        hyper: Hyperparameters,
        watch: Watch,
        started: list[Started],
    ) -> None:
        if lacking := self._not_uploaded(workspace, [one.file for one in every]):
            raise lacking
        for number, wanted in enumerate(every):
            if watch.signals.cancelled.is_set():
                if not started:
                    raise Interrupted("Stopped before a job was created.", "Run the same command again.")
                raise Interrupted(
                    "Stopped between two jobs.", "Those that were created go on: stillroom jobs"
                )
            watch.slot.put(Progress("create jobs", number, len(every), "jobs"))
            job = wanted.again or self._write_down(workspace, wanted, hyper)
            started.append(start(workspace, job, watch, asked_before=wanted.again is not None))

    def _files(self, workspace: Workspace) -> list[RecordsFile]:
        return [file for file in built(workspace, self.sizes) if file.size]

    def _price(
        self,
        workspace: Workspace,
        file: RecordsFile,
        hyper: Hyperparameters,
        known: JobRow | None,
        labeled: Sequence[Example],
    ) -> tuple[PriceLine, int]:
        tokens = mean_tokens(workspace, labeled[: file.size])
        name = known.student if known else student_name(workspace, file.size)
        likely = billed_tokens(file.records, 1, *tokens).likely * hyper.epochs if tokens else 0
        return training_price(workspace, name, file.records, hyper, tokens), likely

    def _not_uploaded(self, workspace: Workspace, files: list[RecordsFile]) -> UsageError | None:
        """What to say where this project has not yet seen all that jobs are given in the bucket."""
        seen = workspace.store.records.uploaded(workspace.settings.aws.bucket)
        lacking, missing = [], set()
        for file in _given(workspace, files):
            if absent := {one.key for one in uploads(workspace, [file])} - seen.keys():
                lacking.append(file)
                missing |= absent
        if not lacking:
            return None
        # Nothing sends records of other labels than the present ones: they are to be built first.
        return out_of_date(workspace, lacking) or UsageError(
            f"{', '.join(file.path for file in lacking)} or pictures of {'them' if lacking[1:] else 'it'} "
            f"are not in the bucket yet: {plural(len(missing), 'file')}.",
            f"Run: {plan_command('upload', size=self.sizes)}",
        )

    def _write_down(self, workspace: Workspace, wanted: Wanted, hyper: Hyperparameters) -> JobRow:
        settings, aws = workspace.settings, workspace.settings.aws
        base = f"s3://{aws.bucket}/"
        unique = uuid.uuid4().hex[:8]
        job = JobRow(
            name=job_name(settings.project.name, wanted.file.size, unique),
            size=wanted.file.size,
            student=wanted.student,
            token=f"{settings.project.id}-{unique}-{wanted.file.sha256[:12]}",
            base_model=settings.training.base_model,
            hyperparameters=as_strings(hyper),
            region=aws.region,
            role_arn=aws.role_arn,
            training_uri=records_uri(workspace, wanted.file.sha256),
            validation_uri=_validation_uri(workspace),
            output_uri=base + (f"{aws.prefix}/output/" if aws.prefix else "output/"),
            records=wanted.file.records,
            created=workspace.now(),
            tokens=wanted.tokens,
            usd=wanted.line.amount.likely,
            usd_high=wanted.line.amount.high,
        )
        settle_side(workspace)
        workspace.store.jobs.new(job)
        return job


def _refuse(workspace: Workspace, wanted: Sequence[Wanted]) -> None:
    """Let nobody pay for jobs that can come to nothing, or whose students would be out of date at once.

    Raises:
        UsageError: The region trains nothing, or records are of other labels than the present ones.
    """
    if wanted:
        refuse_region(workspace.settings)
    # A job that was written down may exist already: whoever takes it up chooses no records.
    refuse_out_of_date(workspace, [one.file for one in wanted if one.again is None])


def _state_words(what: str, done: Sequence[JobRow]) -> str:
    """That the trainings of these jobs are over or under way; ``what`` calls them together."""
    stopping = [job.student for job in done if job.status == JobStatus.STOPPING]
    if not stopping:
        return f"{what} is trained or being trained."
    are, it = ("is", "it") if len(stopping) == 1 else ("are", "them")
    return f"{' and '.join(stopping)} {are} being stopped. To train {it} anew, wait: stillroom jobs --watch"


def _training_of(workspace: Workspace, file: RecordsFile, hyper: Hyperparameters) -> str:
    return training_of(workspace, records_uri(workspace, file.sha256), hyper)


def _uncounted(wanted: Sequence[Wanted]) -> Amount:
    """What the budget still has to hold: a job that nobody answered for is counted already."""
    return total(one.line.amount for one in wanted if one.again is None or one.again.most is None)


def _counted(workspace: Workspace) -> Decimal:
    """USD at which the budget counts all jobs."""
    return sum((line.most for line in workspace.store.spending.lines() if line.run is None), Decimal(0))


def _validation_file(workspace: Workspace) -> RecordsFile | None:
    """The file whose loss a job reports too; None where there is none or the base model takes none."""
    if target_of(workspace.settings.training.base_model) == "2-lite":
        return None
    return next((file for file in present_files(workspace) if file.size == 0), None)


def _given(workspace: Workspace, files: Sequence[RecordsFile]) -> list[RecordsFile]:
    """All that jobs with these training files are given."""
    checking = _validation_file(workspace) if files else None
    return [*files] if checking is None else [*files, checking]


def _validation_uri(workspace: Workspace) -> str | None:
    file = _validation_file(workspace)
    return None if file is None else records_uri(workspace, file.sha256)


def _together(spans: list[Band]) -> Band | None:
    """Jobs run side by side: the longest decides."""
    if not spans:
        return None
    return Band(max(s.low for s in spans), max(s.likely for s in spans), max(s.high for s in spans))
