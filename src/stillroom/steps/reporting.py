"""Report: everything a person takes away, gathered into one page."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from stillroom import __version__
from stillroom.background import Progress
from stillroom.comparison import State, detail
from stillroom.errors import PictureError, StillroomError, StorageFull, UsageError
from stillroom.keywords import split_joined
from stillroom.pictures import PrepareSettings
from stillroom.places import at_home
from stillroom.report import (
    Dataset,
    LeftOut,
    LossCurve,
    LossPoint,
    PictureCase,
    PriceNote,
    ReportData,
    RunResult,
    ScoreRow,
    Setting,
    SettingGroup,
    StudentAnswer,
)
from stillroom.steps.comparing import Field, gathered, outdated_among, training_size
from stillroom.steps.cost_views import cost_lines
from stillroom.steps.costs import CostResult, cost
from stillroom.steps.finished import remember_report, usual_report
from stillroom.steps.orders import present_files
from stillroom.steps.placing import is_folder, refuse_no_place, unwritable
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.quoting import plan_command
from stillroom.steps.remembered_comparison import grounds
from stillroom.steps.speeds import faster_words
from stillroom.steps.told_apart import told_apart
from stillroom.steps.trained import outdated_remarks
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, Run
from stillroom.training.hyperparameters import plain_decimal

_CASES = 6
"""Pictures shown at each end."""
_PAGES = (".html", ".htm")
"""Endings of the page."""
_BESIDE = (".csv", ".json")
"""Endings of what is written beside the page: scores, numbers."""
_THUMBNAIL = PrepareSettings(longest_side=360, format="jpeg", quality=80)


@dataclass(frozen=True, slots=True)
class ReportResult:
    """The files that were written."""

    path: str
    csv: str
    """Scores and keywords of every picture."""
    json: str
    """The report's numbers."""
    remarks: tuple[str, ...]
    """Why there are no scores in it; empty when there are."""


@dataclass(frozen=True)
class Report:
    """Writes the page, and beside it a CSV and a JSON file. Costs nothing."""

    path: str = ""
    """Empty: ``report.html`` in the project folder."""

    def plan(self, workspace: Workspace) -> Plan:
        """Name the page.

        Raises:
            UsageError: It would be a folder, is not called as a page is, its folder is not there, or what is
                beside it is somebody else's.
        """
        _page(workspace, self.path)
        return Plan(
            verb="report", title="Write the report", count=1,
            command=plan_command("report", output=self.path or None),
        )  # fmt: skip

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> ReportResult:
        """Write the files; each appears whole or not at all.

        Raises:
            UsageError: Nothing can be compared, and the page that is there has scores.
            StorageFull: They cannot be written.
        """
        from stillroom.report.writing import save_csv, save_html, save_json

        path = _page(workspace, self.path)
        watch.slot.put(Progress("gather the report"))
        resting_on = grounds(workspace, workspace.store.tallies.groups())
        table, numbers = (path.with_suffix(ending) for ending in _BESIDE)
        field, remarks = _field(workspace, path, numbers)
        data = gather_report(workspace, field)
        try:
            save_html(path, data)
            save_csv(table, _score_rows(field) if field is not None else ())
            save_json(numbers, data)
        except OSError as error:
            raise unwritable(path, error) from error
        with suppress(StorageFull):  # the page is there, wherever it was to be
            workspace.store.diary.add_event("report", path.name)
        remember_report(workspace, path, resting_on)
        return ReportResult(str(path), str(table), str(numbers), remarks)


def _page(workspace: Workspace, named: str) -> Path:
    """The page's file.

    Raises:
        UsageError: It would be a folder, is not called as a page is, its folder is not there, or what is
            beside it is somebody else's.
    """
    from stillroom.report.writing import is_free

    path = Path(named).expanduser() if named else usual_report(workspace)
    if is_folder(path):
        raise UsageError(f"{path} is a folder.", "Name a file in it: --output FILE.html")
    refuse_no_place(path)
    if path.suffix.casefold() not in _PAGES:
        raise UsageError(
            f"{path} cannot be the page: a page ends in .html, with .csv and .json beside it.",
            "Name the page: --output FILE.html",
        )
    for beside in (path.with_suffix(ending) for ending in _BESIDE):
        if not is_free(beside):
            raise UsageError(
                f"{beside} is none of a report's and would be replaced.",
                "Move it away, or name another page: --output FILE.html",
            )
    return path


def _field(workspace: Workspace, page: Path, numbers: Path) -> tuple[Field | None, tuple[str, ...]]:
    """What can be compared, or None and a remark on why nothing can.

    Raises:
        UsageError: Nothing can, and the page that is there has scores: they would be lost.
    """
    try:
        return gathered(workspace), ()
    except StillroomError as error:
        if page.exists() and _has_scores(numbers):
            raise UsageError(
                f"{error.what} {at_home(str(page))} has scores and is kept.",
                f"{error.todo}; for a page without scores name another file: --output FILE.html",
            ) from error
        return None, (f"The page has no scores. {error.what} {error.todo}",)


def _has_scores(numbers: Path) -> bool:
    """Whether the numbers that were written beside a page are those of a comparison."""
    from stillroom.report.json_file import has_scores

    try:
        return has_scores(numbers.read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        return False


def gather_report(workspace: Workspace, field: Field | None) -> ReportData:
    """Everything the page shows, from the store alone."""
    settings = workspace.settings
    chosen = _best_run(field)
    best, worst = _cases(workspace, field, chosen)
    reckoned = cost(workspace)
    return ReportData(
        project=settings.project.name,
        sandbox=workspace.sandbox,
        faster=faster_words(workspace.store_speed()),
        made=datetime.fromtimestamp(workspace.now(), UTC).astimezone(),
        version=__version__,
        teacher=settings.teacher.model,
        runs=tuple(_results(workspace, field)) if field is not None else (),
        cautions=outdated_remarks(outdated_among(workspace, field.runs)) if field is not None else (),
        trained=len(workspace.store.students.all(deleted=True)),
        curves=tuple(_curves(workspace)),
        best=best,
        worst=worst,
        chosen_by=chosen.spec.name if chosen is not None else "",
        dataset=_dataset(workspace, field.resembling if field is not None else 0),
        settings=tuple(_settings(workspace)),
        costs=tuple(cost_lines(workspace, reckoned)),
        prices=tuple(_prices(reckoned)),
        remarks=_remarks(workspace),
    )


def _best_run(field: Field | None) -> Run | None:
    """The last run: the student of the largest training size."""
    return field.runs[-1] if field is not None and field.runs else None


def _results(workspace: Workspace, field: Field) -> Iterator[RunResult]:
    spent = workspace.store.spending.lines()
    trained = told_apart(workspace, field.runs)
    for run in field.runs:
        known = [line for line in spent if line.run == run.id or line.step == f"train {run.spec.name}"]
        price = (
            None if any(line.unpriced for line in known) else sum((line.usd for line in known), Decimal(0))
        )
        yield RunResult(
            run.spec.name, run.spec.base_model if run.spec.student else run.spec.model,
            training_size(workspace, run), field.summary(run), price, trained.get(run.spec.name, ""),
        )  # fmt: skip


def _curves(workspace: Workspace) -> Iterator[LossCurve]:
    for row in workspace.store.students.all(deleted=True):
        points = {
            kind: tuple(
                LossPoint(p.step, p.epoch, p.loss) for p in workspace.store.jobs.losses(row.job, kind)
            )
            for kind in ("training", "validation")
        }
        if points["training"]:
            yield LossCurve(row.name, points["training"], points["validation"])


def _cases(
    workspace: Workspace, field: Field | None, chosen: Run | None
) -> tuple[tuple[PictureCase, ...], tuple[PictureCase, ...]]:
    if field is None or chosen is None:
        return (), ()
    from stillroom.comparison.scoring import extremes

    ends = extremes(field.scores[str(chosen.id)], _CASES)
    made = {number: _case(workspace, field, number) for number in (*ends.best, *ends.worst)}
    return tuple(made[n] for n in ends.best), tuple(made[n] for n in ends.worst)


def _case(workspace: Workspace, field: Field, number: int) -> PictureCase:
    row, label = field.rows[number], field.teacher[number] or ""
    return PictureCase(
        row.path, _thumbnail(workspace, row), split_joined(label), tuple(_said(field, number, label))
    )


def _said(field: Field, number: int, label: str) -> Iterator[StudentAnswer]:
    for run in field.runs:
        answer = field.students[str(run.id)][number]
        if answer is None:
            yield StudentAnswer(run.spec.name, State.MISSING, None)
        else:
            state = State.SCORED if answer else State.FAILED
            yield StudentAnswer(run.spec.name, state, detail(label, answer))


def _thumbnail(workspace: Workspace, row: ContentRow) -> bytes:
    """A small JPEG; empty when the picture is gone or cannot be read any more."""
    from stillroom.pictures.preparing import prepare_bytes

    try:
        data = (workspace.project.pictures_folder / row.path).read_bytes()
        return prepare_bytes(data, _THUMBNAIL)[0]
    except (OSError, PictureError):
        return b""


def _score_rows(field: Field) -> Iterator[ScoreRow]:
    for number, row in enumerate(field.rows):
        label = field.teacher[number] or ""
        for answer in _said(field, number, label):
            words = () if answer.detail is None else (*answer.detail.shared, *answer.detail.extra)
            yield ScoreRow(row.path, answer.run, answer.state, split_joined(label), words, answer.detail)


def _dataset(workspace: Workspace, resembling: int) -> Dataset:
    summary = workspace.store.pictures.summary()
    left = []
    if summary.sides.get("out"):
        left.append(LeftOut("resembles both sides", summary.sides["out"]))
    if resembling:
        left.append(LeftOut("test pictures that resemble training pictures", resembling))
    if summary.excluded:
        left.append(LeftOut("excluded by hand", summary.excluded))
    return Dataset(
        files=summary.pictures,
        unique=summary.unique,
        near_duplicates=summary.near_duplicates,
        train=summary.sides.get("train", 0),
        validation=summary.sides.get("validation", 0),
        test=summary.sides.get("test", 0),
        left_out=tuple(left),
        never_sent=tuple(LeftOut(reason, count) for reason, count in summary.flagged.items()),
        sizes=tuple(file.size for file in present_files(workspace) if file.size),
    )


def _settings(workspace: Workspace) -> Iterator[SettingGroup]:
    settings = workspace.settings
    for title, table in (
        ("teacher", settings.teacher),
        ("student", settings.student),
        ("prompt", settings.prompt),
        ("prepare", settings.prepare),
        ("training", settings.training),
        ("pictures", settings.pictures),
    ):
        yield SettingGroup(title, tuple(_flat(dataclasses.asdict(table))))


def _flat(table: dict[str, object]) -> Iterator[Setting]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield Setting(name.replace("_", " "), ", ".join(str(one) for one in value) or "–")
        else:
            said = plain_decimal(value) if isinstance(value, float) else str(value)
            yield Setting(name.replace("_", " "), said or "–")


def _prices(reckoned: CostResult) -> Iterator[PriceNote]:
    for price in reckoned.prices:
        yield PriceNote(price.what, price.usd, price.unit, price.source, price.date, price.unverified)


def _remarks(workspace: Workspace) -> tuple[str, ...]:
    said = ["Only test pictures count; no training picture and no near-duplicate of one is among them."]
    if workspace.store.students.all():
        said.append("Custom models bill by the month until they are deleted: stillroom delete STUDENT.")
    return (*said, *workspace.billing_lines())
