"""Compare: every student run on the test pictures against the teacher."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stillroom.comparison import Spread, gather
from stillroom.errors import StorageFull, UsageError
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.steps.comparable import UNLABELED, comparable, obstacle
from stillroom.steps.judging import judge_anew
from stillroom.steps.obstacle import Obstacle
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.present import present_specs
from stillroom.steps.quoting import plan_command
from stillroom.steps.remembered_comparison import compared_specs, grounds, remember_comparison
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.teaching import labels
from stillroom.steps.told_apart import apart_remarks, told_apart
from stillroom.steps.trained import outdated, outdated_remarks
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, Run

if TYPE_CHECKING:
    from stillroom.comparison.scoring import PictureScores
    from stillroom.comparison.values import Summary


@dataclass(frozen=True, slots=True)
class RunScore:
    """One run against the teacher."""

    name: str
    model: str
    training_size: int | None
    """Unique pictures it was trained on; None: it was not trained."""
    pictures: int
    """Test pictures that count."""
    failed: int
    """Of them, asked without a usable answer; each counts as 0."""
    missing: int
    """Never asked; left out."""
    jaccard: Spread | None
    """None when no picture counts."""
    precision: float | None
    recall: float | None
    f1: float | None
    micro_jaccard: float | None
    size_ratio: float | None
    histogram: tuple[int, ...]
    """Pictures by Jaccard in equal bins from 0 to 1, the same for all runs."""
    warning: str


@dataclass(frozen=True, slots=True)
class CompareResult:
    """All runs on the same pictures."""

    pictures: int
    """Unique test pictures that the teacher has labeled."""
    runs: tuple[RunScore, ...]
    remarks: tuple[str, ...] = ()
    """What to bear in mind, such as students that learnt from older labels."""


@dataclass(frozen=True)
class Compare:
    """Scores runs; reads only what is stored and costs nothing."""

    names: tuple[str, ...] = ()
    """Names or numbers (``#3``) of runs; empty: untuned and every student."""

    def plan(self, workspace: Workspace) -> Plan:
        return Plan(
            verb="compare", title="Compare students with the teacher", count=1,
            command=plan_command("compare", *self.names),
        )  # fmt: skip

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> CompareResult:
        """Score.

        Raises:
            UsageError: There is no such run, or the teacher has labeled no test picture.
        """
        # Of before: what changes while it is scored makes it out of date.
        resting_on = grounds(workspace, workspace.store.tallies.groups())
        field = gathered(workspace, self.names)
        remarks = []
        try:
            _save(workspace, field)
        except StorageFull:
            remarks.append("Nothing can be written here, so lists of pictures do not have these scores.")
        result = scored(workspace, field)
        if not self.names:
            remember_comparison(workspace, resting_on, result)
        cautions = outdated_remarks(outdated_among(workspace, field.runs))
        otherwise = _asked_otherwise(workspace, field.runs)
        apart = apart_remarks(told_apart(workspace, field.runs))
        near = field.resembling_words()
        return dataclasses.replace(result, remarks=(*remarks, *near, *apart, *otherwise, *cautions))


def _asked_otherwise(workspace: Workspace, runs: Sequence[Run]) -> tuple[str, ...]:
    """A sentence on runs of other settings than the present ones; empty where there are none."""
    present = {workspace.store.runs.id_of(spec) for spec in present_specs(workspace)}
    names = list(dict.fromkeys(run.spec.name for run in runs if run.id not in present))
    if not names:
        return ()
    were = "was" if len(names) == 1 else "were"
    said = "with another model, prompt, parameters or preparation than the present ones"
    return (f"{' and '.join(names)} {were} asked {said}.",)


def outdated_among(workspace: Workspace, runs: Sequence[Run]) -> tuple[str, ...]:
    """Names of the runs whose students, deleted ones too, learnt from other records than the present ones."""
    asked = {run.spec.student for run in runs}
    return tuple(row.name for row in outdated(workspace, deleted=True) if row.name in asked)


def scored(workspace: Workspace, field: Field) -> CompareResult:
    """The scores of a field's runs; stores nothing."""
    rows = tuple(_row(workspace, run, field.summary(run)) for run in field.runs)
    return CompareResult(len(field.rows), rows)


class Field:
    """Test pictures with labels, and some runs' answers about them."""

    def __init__(
        self,
        rows: Sequence[ContentRow],
        teacher: Sequence[str | None],
        runs: Sequence[Run],
        students: dict[str, list[str | None]],
        resembling: int = 0,
    ) -> None:
        from stillroom.comparison.scoring import score_runs

        self.rows = rows
        self.teacher = teacher
        self.runs = runs
        self.students = students
        self.resembling = resembling
        """How many test pictures resemble training pictures, and are not among these."""
        self.scores: dict[str, PictureScores] = score_runs(teacher, students)

    @classmethod
    def of(cls, workspace: Workspace, runs: Sequence[Run], *, left_out: bool = False) -> Field:
        """Gather labels and answers of the test side; pictures of other sides never count.

        Args:
            workspace: The project.
            runs: Those that are compared.
            left_out: Gather what was left out by hand, too.

        Raises:
            UsageError: There is no test picture that counts, or the teacher has labeled none.
        """
        there = workspace.store.pictures.summary().sides.get(Side.TEST, 0)
        rows = comparable(workspace, left_out=left_out)
        resembling = 0 if left_out else max(0, there - len(rows))
        contents = [row.content for row in rows]
        taught = labels(workspace, contents)
        pairs = [(row, label) for row, label in zip(rows, taught, strict=True) if label is not None]
        if not pairs:
            # The first label may have come since they were read.
            raise (obstacle(workspace, frozenset()) or UNLABELED).error()
        rows, contents = [row for row, _ in pairs], [row.content for row, _ in pairs]
        for run in runs:
            judge_anew(workspace, run)
        columns = workspace.store.answers.keyword_strings([run.id for run in runs], contents)
        students = {}
        for run, cells in zip(runs, columns, strict=True):
            asked = {
                content
                for content, state in workspace.store.runs.states(run.id).items()
                if state in ("done", "failed")
            }
            usable = {
                content: cell for content, cell in zip(contents, cells, strict=True) if cell is not None
            }
            students[str(run.id)] = gather(contents, usable, asked)
        return cls(rows, [label for _, label in pairs], runs, students, resembling)

    def summary(self, run: Run) -> Summary:
        """Means, interval, percentiles and histogram of one run."""
        from stillroom.comparison.summary import summarise

        return summarise(self.scores[str(run.id)])

    def resembling_words(self) -> tuple[str, ...]:
        """A sentence on test pictures that do not count; empty where all do."""
        if not self.resembling:
            return ()
        few = self.resembling == 1
        what = "resembles a training picture and does" if few else "resemble training pictures and do"
        return (f"{plural(self.resembling, 'test picture')} {what} not count.",)

    def each(self, run: Run) -> list[tuple[str, float]]:
        """Content and Jaccard of every picture that counts."""
        scores = self.scores[str(run.id)]
        return [
            (row.content, float(value))
            for row, value, counted in zip(self.rows, scores.jaccard, scores.counted, strict=True)
            if counted
        ]


def gathered(workspace: Workspace, names: Sequence[str] = ()) -> Field:
    """The field of some runs, or of all that are compared.

    Raises:
        UsageError: Nobody has been asked, nothing can be compared whoever is asked, or there is no such run.
    """
    try:
        runs = student_runs(workspace, names)
    except UsageError:
        if not names and (found := obstacle(workspace)):
            raise found.error() from None
        raise
    return Field.of(workspace, runs)


def student_runs(workspace: Workspace, names: Sequence[str] = ()) -> list[Run]:
    """The runs to compare: untuned first, then students by size; or those that are named.

    A name means the run with the present prompt, parameters and preparation, as it does everywhere; where
    there is none, the newest one of that name.

    Raises:
        UsageError: There is no such run, or none at all.
    """
    if names:
        return list({run.id: run for run in (_named(workspace, name) for name in names)}.values())
    found = [run for run in map(workspace.store.runs.find, compared_specs(workspace)) if run is not None]
    if not found:
        earlier = workspace.store.tallies.answered_otherwise(compared_specs(workspace))
        when = "with the present settings yet; earlier answers are kept" if earlier else "yet"
        raise Obstacle(f"No student has been asked {when}.", "Run", "stillroom label untuned").error()
    return found


def _named(workspace: Workspace, name: str) -> Run:
    runs = workspace.store.runs.all()
    taught = workspace.store.runs.id_of(target(workspace, TEACHER).spec)
    if name == TEACHER or (taught is not None and name == f"#{taught}"):
        raise UsageError(
            "The teacher is who all others are compared with.", "Name others, or none: stillroom compare"
        )
    matching = [run for run in runs if name in (run.spec.name, f"#{run.id}", run.spec.model)]
    if not matching:
        others = dict.fromkeys(run.spec.name for run in runs if run.spec.role != TEACHER)
        known = ", ".join(others) or "none yet"
        raise UsageError(f"There is no run {name!r}.", f"Runs: {known}")
    present = {spec.name: spec for spec in compared_specs(workspace)}
    with contextlib.suppress(UsageError):  # a number, or a run of which there is no present one
        spec = present.get(name) or target(workspace, name).spec
        return workspace.store.runs.find(spec) or matching[-1]
    return matching[-1]


def keep_scores(workspace: Workspace, run: Run) -> None:
    """Store how near a run that has just answered came to the teacher, for the lists of pictures.

    New labels of the teacher score everybody who is compared with them. Where nothing can be compared yet,
    nothing is stored.
    """
    try:
        runs = student_runs(workspace) if run.spec.role == TEACHER else [run]
        field = Field.of(workspace, runs)
    except UsageError:
        return
    _save(workspace, field)


def _save(workspace: Workspace, field: Field) -> None:
    """Store the scores of a field; those of pictures left out by hand too, which may be taken back in."""
    if workspace.store.pictures.summary().excluded:
        field = Field.of(workspace, field.runs, left_out=True)
    for run in field.runs:
        workspace.store.answers.save_scores(run.id, field.each(run))


def training_size(workspace: Workspace, run: Run) -> int | None:
    """Unique pictures that a run's student was trained on; None for untrained models."""
    row = workspace.store.students.get(run.spec.student) if run.spec.student else None
    return row.size if row is not None else None


def _row(workspace: Workspace, run: Run, summary: Summary) -> RunScore:
    return RunScore(
        name=run.spec.name,
        model=run.spec.model,
        training_size=training_size(workspace, run),
        pictures=summary.pictures,
        failed=summary.failed,
        missing=summary.missing,
        jaccard=summary.jaccard,
        precision=summary.precision,
        recall=summary.recall,
        f1=summary.f1,
        micro_jaccard=summary.micro_jaccard,
        size_ratio=summary.size_ratio,
        histogram=summary.histogram,
        warning=summary.warning,
    )
