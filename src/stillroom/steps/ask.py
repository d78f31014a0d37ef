"""Ask: a prompt tried on a few pictures and models, side by side, priced first."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from stillroom.keywords import split_joined
from stillroom.labeling.values import Item, Prompt
from stillroom.money import Amount
from stillroom.money.amounts import total
from stillroom.money.estimate import Line as PriceLine
from stillroom.pictures import Flag, PreparedFile
from stillroom.plural import plural
from stillroom.steps import asking
from stillroom.steps.conversing import Inquired, Inquiry, converse, raise_unless_finished
from stillroom.steps.judging import judge_anew
from stillroom.steps.named_students import look_for
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.preparing import ensure_prepared
from stillroom.steps.price_notes import price_notes
from stillroom.steps.quoting import plan_command
from stillroom.steps.selecting import copies_named, nothing_selected, select
from stillroom.steps.targets import (
    TEACHER,
    Target,
    callable_id,
    prompt_version,
    refuse_unaskable,
    target,
)
from stillroom.steps.teaching import displaced_words
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow

_SOME_FILE = "FILE"
"""Stands for the file of a prompt that is in none yet."""


@dataclass(frozen=True, kw_only=True)
class AskPlan(Plan):
    """Which models see which pictures."""

    models: tuple[str, ...]
    remarks: tuple[str, ...] = field(metadata={"private": True})
    rows: tuple[ContentRow, ...] = field(metadata={"private": True})
    targets: tuple[Target, ...] = field(metadata={"private": True})


@dataclass(frozen=True, slots=True)
class Said:
    """One model's answer about one picture."""

    picture: str
    model: str
    text: str
    """Empty when there was no answer."""
    keywords: tuple[str, ...]
    failure: str
    """Class of failure; empty when the answer counts."""
    remark: str
    input_tokens: int
    output_tokens: int
    latency_ms: int
    usd: Decimal | None
    """What its call cost when it was made."""
    stored: bool
    """Whether it had been stored before this step, which then paid nothing for it."""
    unfit: bool = field(default=False, metadata={"private": True})
    """Whether the picture itself can be sent to no model: that is no failure."""


@dataclass(frozen=True, slots=True)
class Pair:
    """How alike two models answered, over the pictures that both answered."""

    one: str
    other: str
    jaccard: float
    pictures: int


@dataclass(frozen=True, slots=True)
class AskResult:
    """All answers."""

    answers: tuple[Said, ...]
    failed: int
    """Of the answers, those that are of no use or could not be had; a picture that no model takes is none."""
    pairs: tuple[Pair, ...]
    remarks: tuple[str, ...]
    """Words that select nothing, and copies whose answer stands under another name."""


@dataclass(frozen=True)
class AskModels:
    """Asks each model about each picture. Answers that are stored for the same prompt are not paid again."""

    words: tuple[str, ...]
    models: tuple[str, ...] = (TEACHER,)
    prompt: Prompt | None = None
    """None: the project's."""
    prompt_file: str = ""
    """Where the prompt's user text was read from; empty: nowhere."""

    def plan(self, workspace: Workspace) -> AskPlan:
        """Price it. A student's job that was under way is looked at.

        Raises:
            UsageError: No picture is selected, or a model is unknown, takes no pictures or is not deployed.
            Refused, Unreachable: AWS did not tell of a job.
        """
        selection = select(workspace, self.words)
        rows = workspace.store.pictures.contents(only=selection.contents)
        if not rows:
            raise nothing_selected(selection)
        copies = tuple(copies_named(selection, rows))
        look_for(workspace, self.models)
        # A model that is named twice is asked once.
        targets = tuple(self._target(workspace, name) for name in dict.fromkeys(self.models))
        lines, told, calls = list[PriceLine](), list[Line](), 0
        doubts, asked = dict[str, None](), dict[str, Amount]()
        for one in targets:
            judge_anew(workspace, workspace.store.runs.find(one.spec))
            left = self._left(workspace, one, rows)
            if left:
                refuse_unaskable(one)
            lines.append(asking.price(workspace, one.spec, left))
            told.append(Line(one.spec.name, lines[-1].how if left else _answered_words(rows)))
            if left:
                asked[one.spec.name] = lines[-1].amount
                doubts |= dict.fromkeys(price_notes(workspace, one.spec.model, lines[-1:]))
            calls += len(left)
        return AskPlan(
            verb="ask",
            title=(
                f"Ask {plural(len(asked), 'model')} about {plural(len(rows), 'picture')} "
                f"({plural(calls, 'call')})"
                if calls
                else f"Nothing is left to ask: {plural(len(targets), 'model has', 'models have')} answered "
                f"about {plural(len(rows), 'picture')} with these settings."
            ),
            count=calls,
            lines=tuple(told),
            price=total(line.amount for line in lines),
            stops=workspace.budget_stop(asked) if asked else (),
            loses=self._loses(workspace, targets, rows),
            notes=(
                *selection.remarks,
                *copies,
                *doubts,
                *(workspace.budget_note() if asked else ()),
                *self._of_the_command(workspace),
            ),
            command=plan_command(
                "ask", *self.words, model=tuple(self.models), prompt=self._file(workspace) or None
            ),
            steps={one.spec.step: line.amount for one, line in zip(targets, lines, strict=True)},
            needs_consent=calls > 0,
            models=self.models,
            remarks=(*selection.remarks, *copies),
            rows=tuple(rows),
            targets=targets,
        )

    def execute(self, workspace: Workspace, plan: AskPlan, watch: Watch) -> AskResult:
        """Ask, one model after the other.

        Raises:
            Refused: A model refused all.
            BudgetReached: The next call could pass the budget.
        """
        prepared = ensure_prepared(workspace, plan.rows, watch)
        said: list[Said] = []
        remarks = dict.fromkeys(plan.remarks)
        for one in plan.targets:
            rows = self._left(workspace, one, plan.rows)
            if rows:
                items = asking.items_of(workspace, one.spec, rows, prepared)
                remarks |= dict.fromkeys(self._ask(workspace, one, items, rows, watch).remarks)
            said += _answers(workspace, one, plan.rows, _Asked({row.content for row in rows}, prepared))
        return dataclasses.replace(_result(said, plan), remarks=tuple(remarks))

    def stored(self, workspace: Workspace, plan: AskPlan) -> AskResult:
        """What has been answered already about the plan's pictures; asks nobody."""
        said = [answer for one in plan.targets for answer in _answers(workspace, one, plan.rows, _Asked())]
        return _result(said, plan)

    def _file(self, workspace: Workspace) -> str:
        """What the command reads the prompt from; empty: from the project."""
        own = workspace.settings.prompt.prompt
        return self.prompt_file or (_SOME_FILE if self.prompt not in (None, own) else "")

    def _of_the_command(self, workspace: Workspace) -> tuple[str, ...]:
        """What a person has to do before the command asks the same."""
        if self.prompt is None or self._file(workspace) != _SOME_FILE:
            return ()
        said = f"For the command: save the edited user text as {_SOME_FILE}."
        if self.prompt.system != workspace.settings.prompt.prompt.system:
            said += " The system text was edited too: the command takes that from the project file."
        return (said,)

    def _target(self, workspace: Workspace, name: str) -> Target:
        found = target(workspace, name)
        if self.prompt is None or self.prompt == found.spec.prompt:
            return found
        spec = dataclasses.replace(
            found.spec, role="ask", prompt=self.prompt, prompt_version=prompt_version(self.prompt)
        )
        return dataclasses.replace(found, spec=spec)

    def _left(self, workspace: Workspace, one: Target, rows: Sequence[ContentRow]) -> list[ContentRow]:
        run = workspace.store.runs.find(one.spec)
        if run is None:
            return list(rows)
        states = workspace.store.runs.states(run.id, [row.content for row in rows])
        return [row for row in rows if states.get(row.content) != "done"]

    def _loses(
        self, workspace: Workspace, targets: Sequence[Target], rows: Sequence[ContentRow]
    ) -> tuple[str, ...]:
        """What the teacher's answers take the place of; its model may be named by its id."""
        teacher = target(workspace, TEACHER).spec.key()
        own = next((one for one in targets if one.spec.key() == teacher), None)
        return displaced_words(workspace, self._left(workspace, own, rows)) if own else ()

    def _ask(
        self,
        workspace: Workspace,
        one: Target,
        items: Sequence[Item],
        rows: Sequence[ContentRow],
        watch: Watch,
    ) -> Inquired:
        inquiry = Inquiry(one, callable_id(workspace, one), items, rows, again=True)
        inquired = converse(workspace, inquiry, watch)
        raise_unless_finished(workspace, inquired, one.spec.name)
        return inquired


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a step has done about some pictures."""

    contents: Set[str] = frozenset()
    """Those that it has asked about."""
    prepared: Mapping[str, PreparedFile] = field(default_factory=dict)
    """What it has prepared, and what it could not."""

    def trouble(self, content: str) -> tuple[str, str]:
        """Why a picture could not be sent: a class of failure and a line; empty when it could."""
        file = self.prepared.get(content)
        return (file.flag.value, file.reason) if file is not None and file.flag else ("", "")


def _answered_words(rows: Sequence[ContentRow]) -> str:
    """What a plan says of a model that is not asked."""
    which = "the picture" if len(rows) == 1 else f"all {len(rows):,} pictures"
    return f"has answered about {which} already: nothing is paid"


def _answers(workspace: Workspace, one: Target, rows: Sequence[ContentRow], asked: _Asked) -> list[Said]:
    run, store = workspace.store.runs.find(one.spec), workspace.store
    contents = [row.content for row in rows]
    found = {row.content: row for row in store.answers.rows(run.id, contents)} if run else {}
    gone = {row.content: row for row in store.runs.failures(run.id, contents=contents)} if run else {}
    said = []
    for row in rows:
        answer, failed = found.get(row.content), gone.get(row.content)
        unsent = ("", "") if answer else asked.trouble(row.content)
        said.append(
            Said(
                picture=row.path,
                model=one.spec.name,
                text=answer.text if answer else "",
                keywords=split_joined(answer.keywords) if answer else (),
                failure=failed.failure.value if failed else unsent[0],
                remark=failed.message if failed else answer.remark if answer else unsent[1],
                input_tokens=answer.input_tokens if answer else 0,
                output_tokens=answer.output_tokens if answer else 0,
                latency_ms=answer.latency_ms if answer else 0,
                usd=answer.usd if answer else Decimal(0),
                stored=answer is not None and row.content not in asked.contents,
                unfit=failed is None and unsent[0] not in ("", Flag.GONE),
            )
        )
    return said


def _result(said: Sequence[Said], plan: AskPlan) -> AskResult:
    failed = sum(bool(one.failure) and not one.unfit for one in said)
    answered = [one for one in said if one.text or one.keywords]
    pairs = _pairs(answered, [one.spec.name for one in plan.targets])
    return AskResult(tuple(said), failed, tuple(pairs), plan.remarks)


def _pairs(said: Sequence[Said], models: Sequence[str]) -> list[Pair]:
    from stillroom.comparison import detail

    by_model = {m: {one.picture: one for one in said if one.model == m and not one.failure} for m in models}
    pairs = []
    for number, one in enumerate(models):
        for other in models[number + 1 :]:
            both = [name for name in by_model[one] if name in by_model[other]]
            scores = [
                detail("\n".join(by_model[one][n].keywords), "\n".join(by_model[other][n].keywords)).jaccard
                for n in both
            ]
            if scores:
                pairs.append(Pair(one, other, sum(scores) / len(scores), len(scores)))
    return pairs
