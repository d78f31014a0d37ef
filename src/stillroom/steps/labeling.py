"""Label: a model answers about every picture of a split that has no answer yet; also ``retry``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from stillroom.labeling.values import FailureClass
from stillroom.money.estimate import Line as PriceLine
from stillroom.pictures import PASSING, Flag, PreparedFile, Side
from stillroom.plural import plural
from stillroom.steps.asking import items_of, price
from stillroom.steps.comparable import nobody_on
from stillroom.steps.comparing import keep_scores
from stillroom.steps.conversing import Inquired, Inquiry, converse, raise_unless_finished
from stillroom.steps.cut_short import cut_short, made_again
from stillroom.steps.failing import Failed, Failures, failures, unprepared
from stillroom.steps.judging import judge_anew
from stillroom.steps.labeled import LabelResult
from stillroom.steps.named_students import look_for
from stillroom.steps.namesakes import notes_of_others
from stillroom.steps.outgrown import outgrown
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.preparing import ensure_prepared, missing, missing_words
from stillroom.steps.price_notes import price_notes
from stillroom.steps.quoting import plan_command
from stillroom.steps.scan import on_sides_for_good
from stillroom.steps.selecting import asides, nothing_selected, refuse_unscanned, select
from stillroom.steps.targets import TEACHER, Target, callable_id, refuse_unaskable, target
from stillroom.steps.teaching import imported_contents, imported_words
from stillroom.steps.unanswered import never_asked, with_answer, without_answer
from stillroom.steps.unsent import unsent_note
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, Run, State

_SIDES = (Side.TRAIN, Side.VALIDATION, Side.TEST)
"""In the order in which they are named."""


@dataclass(frozen=True, kw_only=True)
class LabelPlan(Plan):
    """Whom to ask about which pictures."""

    run: str
    """Name of the run."""
    model: str
    pictures: int
    """Pictures of the split, whether or not they have an answer; of ``retry`` also all others asked about."""
    answered: int
    """Those that have one already."""
    imported: int
    """Of ``answered``, those that have only an imported label, whatever the prompt is now."""
    failed: int
    """Those that failed before; only ``retry`` asks them again."""
    unfit: int
    """Those without an answer that no model takes as they are prepared: nobody is asked about them."""
    interrupted: int
    """Those to be asked again because a run was cut short: never heard of again, or failed for the moment."""
    failures: tuple[Failed, ...] = ()
    """Of the pictures, those that failed before; of ``retry``, those to be asked about again."""
    target: Target = field(metadata={"private": True})
    failing: frozenset[str] = field(metadata={"private": True})
    """Contents that failed before and are left alone."""
    rows: tuple[ContentRow, ...] = field(metadata={"private": True})
    chosen: frozenset[str] = field(metadata={"private": True})
    """Contents of ``pictures``. A filter that asks about answers means others once these have come."""
    line: PriceLine = field(metadata={"private": True})
    remarks: tuple[str, ...] = field(metadata={"private": True})


@dataclass(frozen=True)
class Label:
    """Labels what is missing. With ``classes`` it asks again where the run failed."""

    name: str
    sides: tuple[Side, ...] | None = None
    """None: all sides for the teacher, the test side for others; ``retry`` adds whatever was asked about."""
    only: tuple[str, ...] = ()
    """Picture names, ``@FILE`` lists or filters; empty: all."""
    limit: int | None = None
    classes: tuple[FailureClass, ...] | None = None
    """For ``retry``: ask again what failed so; an empty tuple means every class."""

    def plan(self, workspace: Workspace) -> LabelPlan:
        """Count what is left and what it costs. Only a student's job that was under way is looked at.

        Raises:
            UsageError: There is no such model, student or picture, the model cannot be asked about pictures,
                or no picture has been scanned.
            StoreBusy: Another process works on this run, or is deciding who gets which side.
            Refused, Unreachable: AWS did not tell of a job.
        """
        plan = on_sides_for_good(workspace, lambda: self.plan_in_run(workspace))
        if plan.target.spec.role != TEACHER:
            return plan
        return replace(plan, notes=(*plan.notes, *outgrown(workspace, plan.rows)))

    def plan_in_run(self, workspace: Workspace) -> LabelPlan:
        """The same as a part of a plan of the whole flow, which has given the sides itself.

        Raises:
            UsageError, StoreBusy, Refused, Unreachable: As ``plan`` says.
        """
        refuse_unscanned(workspace)
        look_for(workspace, (self.name,))
        plan = self.reckon(workspace)
        if plan.count:
            refuse_unaskable(plan.target)
        if plan.count or self.classes is not None:
            # What is to be asked again is known only when nobody asks any more.
            workspace.store.runs.refuse_held(plan.target.spec)
        run = workspace.store.runs.find(plan.target.spec)
        told = plan.failing if self.classes is None else frozenset(row.content for row in plan.rows)
        return replace(plan, failures=failures(workspace, run.id, told).listed) if run else plan

    def reckon(self, workspace: Workspace) -> LabelPlan:
        """The same of a student that is still to be deployed, too; what failed is counted and not listed.

        Raises:
            UsageError: There is no such model, student or picture.
        """
        wanted = target(workspace, self.name)
        run = workspace.store.runs.find(wanted.spec)
        judge_anew(workspace, run)
        states = {} if run is None else workspace.store.runs.states(run.id)
        chosen, remarks = self._chosen(workspace, wanted, states)
        if run is None and self.classes is not None:
            raise never_asked(workspace, wanted, chosen)
        unanswered = without_answer(workspace, wanted, chosen, states)
        done = len(chosen) - len(unanswered)
        own = sum(states.get(row.content) == State.DONE for row in chosen)
        failed = {row.content for row in unanswered if states.get(row.content) == State.FAILED}
        unfit = workspace.store.pictures.unfit(wanted.spec.prepare_key)
        never = {row.content for row in unanswered} & unfit - failed
        left = [row for row in self._left(workspace, run, unanswered, states) if row.content not in unfit]
        left = left[: self.limit]
        line = price(workspace, wanted.spec, left)
        return LabelPlan(
            verb="label" if self.classes is None else "retry",
            title=self._title(left, done, len(failed), len(never), " ".join(remarks)),
            count=len(left),
            lines=(
                Line("model", wanted.spec.model),
                Line("done before", f"{done:,} of {len(chosen):,}{imported_words(done - own)}"),
                *([Line("reckoned", line.how)] if left else ()),
            ),
            price=line.amount,
            time=line.seconds,
            stops=workspace.budget_stop({wanted.spec.name: line.amount}) if left else (),
            notes=(
                *remarks,
                *unsent_note(workspace, (row.content for row in left)),
                *(notes_of_others(workspace, wanted.spec) if left else ()),
                *made_again(workspace, run, left),
                *price_notes(workspace, wanted.spec.model, [line]),
                *workspace.budget_note(),
            ),
            command=self._command(),
            needs_consent=bool(left),
            steps={line.what: line.amount},
            run=wanted.spec.name,
            model=wanted.spec.model,
            pictures=len(chosen),
            answered=done,
            imported=done - own,
            failed=len(failed),
            unfit=len(never),
            interrupted=cut_short(run, states, chosen),
            target=wanted,
            failing=frozenset(failed if self.classes is None else ()),
            rows=tuple(left),
            chosen=frozenset(row.content for row in chosen),
            line=line,
            remarks=remarks,
        )

    def execute(self, workspace: Workspace, plan: LabelPlan, watch: Watch) -> LabelResult:
        """Ask about every picture of the plan, and store each answer before it counts.

        Raises:
            Refused: Credentials, permission, model access or a daily quota: asking on is useless.
            BudgetReached: The next call could pass the budget.
            Interrupted: Stopped; what was answered is kept.
            StoreBusy: Another process works on this run.
        """
        if not plan.rows:
            return self._nothing_asked(workspace, plan)
        spec = plan.target.spec
        model = callable_id(workspace, plan.target)
        prepared = ensure_prepared(workspace, plan.rows, watch)
        # Labels may have been imported since the plan was made: nobody is paid to say them again.
        labeled = imported_contents(workspace) if spec.role == TEACHER else set()
        rows = [row for row in plan.rows if row.content not in labeled]
        items = items_of(workspace, spec, rows, prepared)
        store = workspace.store
        unsent = {row.content: prepared[row.content].flag in PASSING for row in rows}
        store.unsent.note(unsent)
        inquiry = Inquiry(
            plan.target,
            model,
            items,
            rows,
            again=self.classes is not None,
            imported_too=spec.role != TEACHER,
        )
        inquired = converse(workspace, inquiry, watch)
        absent = missing(rows, prepared)
        failed = {kind.value: count for kind, count in inquired.result.failed.items()}
        failed |= {Flag.GONE.value: len(absent)} if absent else {}
        done = inquired.result.done
        store.diary.add_event("label", f"{spec.name}: {done} answered, {sum(failed.values())} failed")
        # With the same limit again it would be so many more than were planned.
        rest = (lambda left: replace(self, limit=left)._command()) if self.limit is not None else None
        raise_unless_finished(workspace, inquired, self.name, unsent=sum(unsent.values()), rest=rest)
        keep_scores(workspace, inquired.run)
        return self._told(workspace, plan, inquiry, inquired, prepared, failed)

    def _nothing_asked(self, workspace: Workspace, plan: LabelPlan) -> LabelResult:
        run = workspace.store.runs.find(plan.target.spec)
        told = self._failed(workspace, plan, run, plan.failing) if run else Failures()
        return LabelResult(
            run=plan.run,
            run_id=run.id if run else None,
            model=plan.model,
            failed_before=len(plan.failing),
            failures=told.listed,
            answered=plan.answered,
            pictures=plan.pictures,
            # Of nothing left to label the counts tell by themselves; of nothing to ask again they do not.
            remarks=(plan.title, *plan.remarks) if self.classes is not None else plan.remarks,
            failing=told.counts,
        )

    def _told(
        self,
        workspace: Workspace,
        plan: LabelPlan,
        inquiry: Inquiry,
        inquired: Inquired,
        prepared: Mapping[str, PreparedFile],
        failed: Mapping[str, int],
    ) -> LabelResult:
        """What came of a plan that was gone through to its end."""
        rows = inquiry.chosen
        result, absent = inquired.result, missing(rows, prepared)
        unfit = unprepared(rows, prepared)
        states = workspace.store.runs.states(inquired.run.id)
        answered = with_answer(workspace, plan.target, states)
        chosen = [row for row in self._on_sides(workspace, plan.target, states) if row.content in plan.chosen]
        told = self._failed(
            workspace,
            plan,
            inquired.run,
            plan.failing | {row.content for row in rows} - inquired.left_out,
            {row.content: row.path for row in rows if row.content in absent},
        )
        return LabelResult(
            run=plan.target.spec.name,
            run_id=inquired.run.id,
            model=inquiry.model,
            done=result.done,
            failed=failed,
            failed_before=len(plan.failing),
            failures=told.listed,
            gone=missing_words(workspace, len(absent)),
            flagged=sum(unfit.counts.values()),
            flagged_files=unfit.listed,
            attempts=result.attempts,
            retries=result.retries,
            unknown=result.unknown,
            input_tokens=result.input_tokens,
            output_tokens=result.output_tokens,
            estimated_input_tokens=result.estimated_input_tokens,
            usd=inquired.cost.spent,
            usd_unknown=inquired.cost.uncertain,
            seconds=result.elapsed - result.rested,
            elapsed=result.elapsed,
            answered=sum(row.content in answered for row in chosen),
            pictures=len(chosen),
            remarks=(
                *plan.remarks,
                *inquired.remarks,
                *(_to_compare(plan.target, rows) if result.done else ()),
            ),
            failing=told.counts,
            flags=unfit.counts,
        )

    def _failed(
        self,
        workspace: Workspace,
        plan: LabelPlan,
        run: Run,
        contents: Set[str],
        gone: Mapping[str, str] | None = None,
    ) -> Failures:
        """Those of ``contents`` that failed, and all others that ``retry`` of their classes asks about."""
        tried = contents - (gone or {}).keys()
        kinds = tuple(kind for kind, _ in workspace.store.runs.counts(run.id, tried).classes) if tried else ()
        if kinds:
            again, states = Label(self.name, classes=kinds), workspace.store.runs.states(run.id)
            rows = again._on_sides(workspace, plan.target, states)
            left = again._left(workspace, run, without_answer(workspace, plan.target, rows, states), states)
            unfit = workspace.store.pictures.unfit(plan.target.spec.prepare_key)
            contents |= {row.content for row in left} - unfit
        return failures(workspace, run.id, contents, gone)

    def _title(self, left: Sequence[ContentRow], answered: int, failed: int, unfit: int, nobody: str) -> str:
        """What is to be done; where that is nothing, why."""
        if left:
            doing = "Label" if self.classes is None else "Ask again about"
            of = {row.side for row in left}
            named = "+".join(side.value for side in _SIDES if side in of)
            return f"{doing} {plural(len(left), 'picture')} ({named}) with {self.name}"
        if self.classes is not None:
            which = f" as {', '.join(one.value for one in self.classes)}" if self.classes else ""
            return f"Nothing is left to ask {self.name} again: no picture failed{which}."
        if not (answered or failed or unfit):
            return f"Nothing is left to label with {self.name}. {nobody}"
        said = f"{plural(answered, 'picture has', 'pictures have')} an answer"
        if not answered:
            said = "no picture has an answer"
        if unfit:
            said += f", {unfit:,} can be sent to no model"
        again = f", {failed:,} failed: stillroom retry {self.name}" if failed else ""
        return f"Nothing is left to label with {self.name}: {said}{again}."

    def _command(self, *sides: Side) -> str:
        """The same as a command; with ``sides`` for pictures of these."""
        if self.classes is not None:
            return plan_command("retry", self.name, classes=self.classes)
        chosen = sides or self.sides
        split = "all" if chosen is not None and len(chosen) > 1 else chosen
        return plan_command("label", self.name, split=split, only=self.only, limit=self.limit)

    def _chosen(
        self, workspace: Workspace, wanted: Target, states: Mapping[str, State]
    ) -> tuple[list[ContentRow], tuple[str, ...]]:
        """The pictures that are meant, and what is to be said of those that were named and are not."""
        sides = self.sides or wanted.sides
        rows = self._on_sides(workspace, wanted, states)
        remarks: tuple[str, ...] = ()
        if not rows:
            remarks = (nobody_on(workspace, sides),)
        if self.only:
            selection = select(workspace, self.only)
            named = set(selection.contents)
            rows = [row for row in rows if row.content in named]
            used = {row.content for row in rows}
            aside = tuple(asides(workspace, selection, used, sides, self._command))
            if not rows:
                raise nothing_selected(selection, aside)
            remarks = (*remarks, *selection.remarks, *map(str, aside))
        # Training pictures come in their order, so that a limit labels what a training size will use.
        return sorted(rows, key=lambda row: (row.order is None, row.order or 0, row.path)), remarks

    def _on_sides(
        self, workspace: Workspace, wanted: Target, states: Mapping[str, State]
    ) -> list[ContentRow]:
        """The pictures of the sides that are meant; with ``classes`` also all others asked about."""
        sides = self.sides or wanted.sides
        # What is asked again may have failed on any side: the run knows where it asked.
        asked = states if self.classes is not None else {}
        return [
            row
            for row in workspace.store.pictures.contents(_SIDES if asked else sides)
            if not row.excluded and (row.side in sides or row.content in asked)
        ]

    def _left(
        self,
        workspace: Workspace,
        run: Run | None,
        unanswered: Sequence[ContentRow],
        states: Mapping[str, State],
    ) -> list[ContentRow]:
        if self.classes is not None and run is not None:
            found = workspace.store.runs.failures(run.id, self.classes or None, cut_short=True)
            failed = {row.content for row in found}
            return [row for row in unanswered if row.content in failed]
        return [row for row in unanswered if states.get(row.content) != State.FAILED]


def _to_compare(target: Target, asked: Sequence[ContentRow]) -> tuple[str, ...]:
    """How a model that was asked by its own name is compared; without a name compare leaves it out."""
    if target.spec.role != "model" or not any(row.side is Side.TEST for row in asked):
        return ()
    return (f"To compare it with the teacher: {plan_command('compare', target.spec.name)}",)
