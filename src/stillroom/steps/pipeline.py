"""Run: every step in order, doing only what is missing, asking once for all of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from stillroom.background import Progress
from stillroom.errors import BudgetReached, FindingsError, ItemsFailed, UsageError
from stillroom.money import Amount, usd
from stillroom.money.amounts import total
from stillroom.plural import plural
from stillroom.steps.asking import dearest_call
from stillroom.steps.build import Build
from stillroom.steps.comparable import refuse_incomparable, untested
from stillroom.steps.comparing import Compare, CompareResult
from stillroom.steps.costs import estimate_lines
from stillroom.steps.ends import alone_to_its_end, still_deployed, to_remove
from stillroom.steps.foundation import is_named, is_set_up, miss_bucket
from stillroom.steps.job_views import job_view
from stillroom.steps.jobs import follow
from stillroom.steps.labeled import LabelResult
from stillroom.steps.labeling import Label, LabelPlan
from stillroom.steps.misspelt import model_hints
from stillroom.steps.named_students import of_each
from stillroom.steps.namesakes import notes_of_others
from stillroom.steps.plan import Plan, Step, Watch
from stillroom.steps.quoting import plan_command, sentences
from stillroom.steps.reporting import Report, ReportResult
from stillroom.steps.run_parts import (
    anew_notes,
    in_turn,
    left_failed,
    left_of_jobs,
    missing_parts,
    refuse_parts,
    refuse_report,
    step_of_line,
    time_together,
    unmet_sizes,
)
from stillroom.steps.scan import Scan, on_sides_for_good, split_for_a_plan
from stillroom.steps.setup import Setup
from stillroom.steps.students import Deploy, remove
from stillroom.steps.targets import TEACHER, UNTUNED
from stillroom.steps.trainable import refuse_coming
from stillroom.steps.training import Train
from stillroom.steps.training_prices import keeping_notes
from stillroom.steps.upload import UploadStep
from stillroom.steps.validating import Validate
from stillroom.steps.workspace import Workspace

STEPS = ("scan", "setup", "label", "build", "validate", "upload", "train", "deploy", "compare", "report")
"""What ``--until`` takes, in order."""
_UNVERIFIED = ("Some prices are unverified: see stillroom cost.",)
_STOPS_BEFORE = "the run stops before a call or a job that could pass it"
_LOOK = 0.5
"""Seconds between two looks whether somebody still splits."""
_SLACK = Decimal("1.02")
"""A later estimate may pass the agreed one by this much: rounding, not news."""

P = TypeVar("P", bound=Plan)
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class RunPlan(Plan):
    """Everything that is missing, with one price."""

    agreed: dict[str, Decimal | None] = field(metadata={"private": True})
    """Highest price of each step; None: unknown."""
    until: str = field(metadata={"private": True})
    """The last step."""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What the whole run came to."""

    done: tuple[str, ...]
    """Steps that were gone through."""
    parts: int
    """Parts of the plan that were missing; 0: nothing was left to pay for."""
    answered: int
    """Pictures answered by this run."""
    failed: int
    """Pictures that failed in this run."""
    left: Mapping[str, int]
    """Pictures that have failed, in this run or before, and have no answer yet; by the name of who failed."""
    jobs: int
    """Jobs that this run created."""
    remarks: tuple[str, ...]
    """What building the records had to say, such as training sizes that could not be met; and who is still
    deployed."""
    results: CompareResult | None
    report: ReportResult | None


@dataclass(frozen=True)
class Run:
    """All steps in order; what is done already is not done again."""

    until: str = STEPS[-1]
    report_path: str = ""
    as_far: bool = field(default=False, compare=False)
    """True: where nothing can be compared it ends with training, and says why, instead of being refused."""

    def plan(self, workspace: Workspace) -> RunPlan:
        """Look at the pictures, then price everything that is missing.

        Looking is part of planning: without it nobody knows what there is to pay for. Who gets which side is
        decided for good when the plan is carried out. Building the records when all labels are there is part
        of planning, too: other records are another training.

        Raises:
            UsageError: There is no such step, too few pictures train, or a part is known to be refused.
            ItemsFailed: Too few to train on, or none to compare, because the teacher gave up some.
            PictureError: There are no pictures.
        """
        if self.until not in STEPS:
            raise UsageError(f"There is no step {self.until!r}.", f"Steps: {', '.join(STEPS)}")
        if self._covers("report"):
            refuse_report(workspace, self.report_path)
        with split_for_a_plan(workspace):
            return self._plan(workspace)

    def _plan(self, workspace: Workspace) -> RunPlan:
        if workspace.sandbox:
            workspace.speed()  # the times below are on its clock
            if "setup" in self._steps() and is_set_up(workspace):
                miss_bucket(workspace)  # its state may have been thrown away
        teacher = Label(TEACHER).plan_in_run(workspace)
        asked = {row.content for row in teacher.rows}
        if self._covers("validate"):
            refuse_coming(workspace, asked)
        incomparable = untested(workspace, asked) if self._covers("train") else ()
        if self._covers("deploy"):
            if self.as_far and incomparable:
                return replace(self, until="train")._plan(workspace)
            refuse_incomparable(workspace, asked)
        if self._covers("build") and is_named(workspace) and not teacher.count:
            # Nothing is labeled: the step itself will say so when it is its turn.
            with contextlib.suppress(UsageError, ItemsFailed):
                Build().execute(workspace, Build().plan(workspace), Watch())
        lines = [line for line in estimate_lines(workspace) if self._covers(step_of_line(line.what))]
        refuse_parts(workspace, lines)
        shown = missing_parts(
            workspace, lines, sets_up="setup" in self._steps(), deploys=self._covers("deploy")
        )
        setting_up = any(line.label == "setup" for line in shown)
        ends = incomparable if self.as_far else ()
        amounts = {line.what: line.amount for line in lines}
        return RunPlan(
            verb="run",
            title=(
                f"Run: {plural(len(shown), 'part is', 'parts are')} missing"
                if shown
                else sentences(("Nothing is left to pay for.", *ends))
            ),
            count=len(shown),
            lines=tuple(shown),
            price=total(line.amount for line in lines),
            time=time_together(lines, left_of_jobs(workspace) if self._covers("train") else ()),
            stops=(*ends, *workspace.budget_stop(in_turn(lines), _STOPS_BEFORE)),
            notes=(
                *_UNVERIFIED[: any(line.unverified and line.amount.known for line in lines)],
                *(notes_of_others(workspace, teacher.target.spec) if asked else ()),
                *anew_notes(workspace, lines),
                *keeping_notes(workspace, lines),
                *model_hints(workspace),
                *(unmet_sizes(workspace, asked) if self._covers("build") else ()),
                *(() if self.as_far else incomparable),
                *workspace.budget_note(),
            ),
            command=plan_command("run", until=self.until if self.until != STEPS[-1] else None),
            needs_consent=bool(shown),
            documents=Setup().plan(workspace).documents if setting_up else (),
            steps=amounts,
            about={line.what: line.pictures for line in lines if line.pictures},
            agreed={name: amount.high for name, amount in amounts.items()},
            until=self.until,
        )

    def execute(self, workspace: Workspace, plan: RunPlan, watch: Watch) -> RunOutcome:
        """Go through the steps.

        Raises:
            BudgetReached: A step would cost more than was agreed to.
            FindingsError: The records break a rule.
            ItemsFailed: Some files could not be uploaded, too few pictures were labeled, or a job failed.
            StoreBusy: Another run of this project goes through the steps.
            Refused, Interrupted: As the steps say.
        """
        run = replace(self, until=plan.until)
        made = _Made(workspace, plan, watch, trains=run._covers("validate"), compares=run._covers("deploy"))
        going: dict[str, Callable[[], None]] = {
            "scan": made.scan,
            "setup": made.setup,
            "label": made.label_teacher,
            "build": made.build,
            "validate": made.validate,
            "upload": made.upload,
            "train": made.train,
            "deploy": made.students,
            "compare": made.compare,
            "report": lambda: made.write_report(self.report_path),
        }
        done: list[str] = []
        with alone_to_its_end(workspace, done):
            for name in run._steps():
                watch.slot.put(Progress(name))
                going[name]()
                done.append(name)
        return RunOutcome(
            tuple(done), plan.count, made.answered, made.failed, left_failed(workspace), made.created,
            (*made.remarks, *still_deployed(workspace)), made.results, made.report,
        )  # fmt: skip

    def _steps(self) -> tuple[str, ...]:
        """The steps to go through. What only labels needs neither bucket nor role."""
        steps = STEPS[: STEPS.index(self.until) + 1]
        return tuple(step for step in steps if step != "setup") if self.until == "label" else steps

    def _covers(self, step: str) -> bool:
        return STEPS.index(step) <= STEPS.index(self.until)


class _Made:
    """The run while it goes."""

    def __init__(
        self, workspace: Workspace, plan: RunPlan, watch: Watch, *, trains: bool, compares: bool
    ) -> None:
        self.workspace, self.plan, self.watch = workspace, plan, watch
        self.trains, self.compares = trains, compares
        self.answered = self.failed = self.created = 0
        self.asking = Decimal(0)
        """USD that asking the students has come to."""
        self.remarks: tuple[str, ...] = ()
        self.results: CompareResult | None = None
        self.report: ReportResult | None = None

    def scan(self) -> None:
        self._do(Scan())

    def setup(self) -> None:
        # In a sandbox even a role may have gone; asking costs nothing there.
        if self.workspace.sandbox or not is_set_up(self.workspace):
            self._do(Setup())

    def label_teacher(self) -> None:
        self._label(TEACHER)
        if self.trains:
            # What failed just now may leave fewer labels than were planned with.
            refuse_coming(self.workspace, frozenset())
        if self.compares:
            refuse_incomparable(self.workspace, frozenset())

    def build(self) -> None:
        self.remarks = self._do(Build()).remarks

    def validate(self) -> None:
        result = self._do(Validate())
        broken = [file.path for file in result.files if not file.passed]
        if broken:
            raise FindingsError(
                f"{plural(len(broken), 'records file breaks', 'records files break')} a rule: "
                f"{', '.join(broken)}",
                "Run: stillroom validate",
            )

    def upload(self) -> None:
        step = UploadStep()
        plan = step.plan(self.workspace)
        self._check(plan.verb, plan.price, ["upload"])
        result = step.execute(self.workspace, plan, self.watch)
        if result.failed:
            first = result.failed[0]
            count = plural(len(result.failed), "file was", "files were")
            raise ItemsFailed(f"{count} not uploaded: {first.what}", first.todo)

    def train(self) -> None:
        train = Train()
        plan = train.plan(self.workspace)
        # How many pictures train, and so what a student is called, is known only when all are labeled.
        self._check(plan.verb, plan.price, [name for name in self.plan.agreed if name.startswith("train ")])
        self.created = sum(job.created for job in train.execute(self.workspace, plan, self.watch).jobs)
        # The untuned student needs no training: it is asked while the jobs run.
        self._label(UNTUNED)
        follow(self.workspace, self.watch, todo=f"To go on from there: {self.plan.command}")
        self._check_trained(train.reckon(self.workspace).students)

    def _check_trained(self, missing: tuple[str, ...]) -> None:
        """Go no further without a student that was to be trained, whichever run had started its job.

        Raises:
            ItemsFailed: Its job failed or was stopped.
        """
        newest = {job.student: job for job in self.workspace.store.jobs.all() if job.arn}
        for job in (newest[name] for name in missing if name in newest):
            view = job_view(self.workspace, job)
            why = f": {view.failure.rstrip('.')}" if view.failure else ""
            raise ItemsFailed(
                f"The job of {job.student} ended as {job.status}{why}.",
                view.todo or "Train it anew: stillroom run",
            )

    def students(self) -> None:
        """Deploy only while a student lacks answers; remove what this made."""
        plans = self._on_sides_for_good(self._unasked)
        if plans:
            self._check("label", total(plan.price for plan in plans), self._agreed_students())
        waiting = [plan.run for plan in plans]
        if waiting:
            self._afford_a_call(plans)
            self._do(Deploy(tuple(waiting), by_run=True))
        for name in waiting:
            result = self._label(name, self._agreed_students(), self.asking)
            if result is not None:
                self.asking += (result.usd or 0) + (result.usd_unknown or 0)
        # One by one: somebody may ask for the next by hand meanwhile.
        while left := to_remove(self.workspace):
            remove(self.workspace, left[0], self.watch)

    def _unasked(self) -> list[LabelPlan]:
        """What the students are still to be asked."""
        students = [row.name for row in self.workspace.store.students.all()]
        plans = of_each(self.workspace, students, lambda name: Label(name).reckon(self.workspace))
        return [plan for plan in plans.values() if plan.count]

    def _afford_a_call(self, plans: Sequence[LabelPlan]) -> None:
        """Deploy nobody whom the budget lets ask nothing.

        Raises:
            BudgetReached: It has no room for one call of any of them.
        """
        calls = [dearest_call(self.workspace, plan.target.spec, plan.rows[0]) for plan in plans]
        known = [call for call in calls if call is not None]
        with self.workspace.spending() as purse:
            held = purse.reserve(Amount.exactly(min(known, default=None)), "one answer of a student")
            purse.settle(held, Decimal(0))

    def compare(self) -> None:
        self.results = self._do(Compare())

    def write_report(self, path: str) -> None:
        self.report = self._do(Report(path))

    def _agreed_students(self) -> list[str]:
        return [name for name in self.plan.agreed if step_of_line(name) == "deploy"]

    def _label(self, name: str, agreed: Sequence[str] = (), gone: Decimal = Decimal(0)) -> LabelResult | None:
        label = Label(name)
        plan = self._on_sides_for_good(lambda: label.plan_in_run(self.workspace))
        if not plan.count:
            return None
        self._check(plan.verb, plan.price, agreed or [f"label {name}"], gone)
        result: LabelResult = label.execute(self.workspace, plan, self.watch)
        self.answered += result.done
        self.failed += sum(result.failed.values())
        return result

    def _on_sides_for_good(self, read: Callable[[], R]) -> R:
        """Read when nobody splits: another's plan takes a moment, and ends nothing that was agreed to."""
        stopped = (
            "Stopped while another process was splitting.",
            f"To go on from there: {self.plan.command}",
        )
        return on_sides_for_good(self.workspace, read, lambda: self.watch.wait(_LOOK, *stopped))

    def _check(self, verb: str, price: Amount, names: Sequence[str], gone: Decimal = Decimal(0)) -> None:
        """Stop before a step whose highest price has grown past what was agreed to.

        Args:
            verb: The step.
            price: What it may cost now.
            names: The parts that were agreed to for it.
            gone: USD of them that have been paid.

        Raises:
            BudgetReached: It has.
        """
        agreed = [self.plan.agreed.get(name, Decimal(0)) for name in names]
        if None in agreed:
            return  # an unknown price was shown, and agreed to
        most = sum((one for one in agreed if one is not None), Decimal(0))
        if price.high is None or gone + price.high > most * _SLACK:
            now = "at a price that nobody knows" if price.high is None else usd(price.high)
            paid = f", of which {usd(gone)} is paid" if gone else ""
            raise BudgetReached(
                f"{verb} may cost {now} now; {usd(most)} was agreed to{paid}.",
                "Run the command again to see the new plan.",
            )

    def _do(self, step: Step[P, R]) -> R:
        plan = step.plan(self.workspace)
        return step.execute(self.workspace, plan, self.watch)
