"""What a report says. Plain values: no store, no cloud, no screen.

Texts may come from outside (file names, model answers, prompts): they are escaped where they are rendered,
so callers pass them as they are. Amounts of money are US dollars; None means unknown and is shown so, never
as 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from stillroom.comparison import Detail, State, Summary


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the project."""

    name: str
    value: str
    """May have several lines (a prompt); line breaks are kept."""


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """The settings of one table of the project file."""

    title: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files that are never sent, or unique pictures that are on no side, for one reason."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """The pictures. Counts are of unique contents, those of ``files`` and ``never_sent`` of files."""

    files: int
    unique: int
    near_duplicates: int
    """Contents that resemble another one; a group of them is always on one side."""
    train: int
    validation: int
    test: int
    left_out: tuple[LeftOut, ...] = ()
    """Unique pictures that are on no side."""
    never_sent: tuple[LeftOut, ...] = ()
    """Files that are no usable pictures; nobody looks into them for copies."""
    sizes: tuple[int, ...] = ()
    """Training sizes in unique pictures, one for each student."""

    @property
    def copies(self) -> int:
        """Usable files that are exact copies of another."""
        return max(0, self.files - self.unique - sum(flagged.count for flagged in self.never_sent))


@dataclass(frozen=True, slots=True)
class LossPoint:
    """One row of a metrics file."""

    step: int
    epoch: int
    """As the file counts it; only changes matter here."""
    loss: float


@dataclass(frozen=True, slots=True)
class LossCurve:
    """The losses of one student's training, by step."""

    run: str
    """Name of the student; the same as in ``RunResult.name``, which gives it its colour."""
    training: tuple[LossPoint, ...]
    validation: tuple[LossPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class RunResult:
    """One row of the table of results: a run against the teacher."""

    name: str
    """Such as ``untuned`` or ``lite-900``; unique in a report."""
    model: str
    """Model or inference-profile id, or ARN."""
    training_size: int | None
    """Unique pictures it was trained on; None for the untuned student."""
    summary: Summary
    cost: Decimal | None
    """Training and answering together, USD. None: unknown."""
    trained: str = ""
    """How it was trained, such as ``5 epochs``, where others of its size were trained otherwise."""


@dataclass(frozen=True, slots=True)
class StudentAnswer:
    """What one run said about a picture."""

    run: str
    """``RunResult.name``."""
    state: State
    detail: Detail | None
    """None where there is nothing to compare (``state`` missing or unlabeled)."""


@dataclass(frozen=True, slots=True)
class PictureCase:
    """One picture with the teacher's keywords and every student's."""

    name: str
    """File name, as found."""
    thumbnail: bytes
    """A small JPEG that is put into the page; empty where there is none."""
    teacher: tuple[str, ...]
    """The teacher's keywords, in order."""
    answers: tuple[StudentAnswer, ...]


@dataclass(frozen=True, slots=True)
class CostLine:
    """What one step was expected to cost and did cost."""

    step: str
    what: str
    """A few words: ``997 pictures, nova-pro``."""
    low: Decimal | None
    likely: Decimal | None
    high: Decimal | None
    """Estimate in USD. None: unknown."""
    actual: Decimal | None
    """USD, measured or computed from what was measured. None: unknown, unless the step is not ``done``."""
    done: bool = True
    """False: the step has not run, so there is no actual cost yet."""
    seconds: float | None = None
    """Time the step took. None: unknown or not run."""
    note: str = ""
    """A remark in few words, such as ``upper bound: 3 calls whose outcome is unknown``."""
    reckoned: bool = False
    """True: ``actual`` was reckoned, not measured: how far it is from the estimate says nothing."""
    at_most: Decimal | None = None
    """USD that the step cost at most, where ``actual`` is None and that is all that is known."""
    unverified: bool = False
    """True: its amounts rest on a price that nobody has confirmed."""


@dataclass(frozen=True, slots=True)
class PriceNote:
    """A price as it is now; what was paid earlier may rest on another."""

    what: str
    amount: Decimal | None
    """USD per ``unit``. None: unknown."""
    unit: str
    """Such as ``1K input tokens``."""
    source: str
    date: str
    """When the source said so, as the price book writes it."""
    unverified: bool


@dataclass(frozen=True, slots=True)
class ReportData:
    """All that a report shows. Every section may be empty; the page says so."""

    project: str
    sandbox: bool
    """True: every number comes from the embedded sandbox; the page says so in a banner."""
    made: datetime
    """When the report was made; shown with its time zone."""
    version: str
    """Stillroom's version."""
    teacher: str
    """Model or inference-profile id of the teacher."""
    faster: str = ""
    """How fast a sandbox's time runs, as the middle of a sentence; empty: as ours does."""
    runs: tuple[RunResult, ...] = ()
    """In the order to show: the untuned student first."""
    cautions: tuple[str, ...] = ()
    """What to bear in mind when the runs are compared, such as students of older labels; one line each."""
    trained: int = 0
    """Students that were trained, whether or not they have been compared yet."""
    curves: tuple[LossCurve, ...] = ()
    best: tuple[PictureCase, ...] = ()
    worst: tuple[PictureCase, ...] = ()
    chosen_by: str = ""
    """Name of the run whose scores chose the best and the worst pictures."""
    dataset: Dataset | None = None
    settings: tuple[SettingGroup, ...] = ()
    costs: tuple[CostLine, ...] = ()
    prices: tuple[PriceNote, ...] = ()
    remarks: tuple[str, ...] = field(default=())
    """Further facts that a reader of the numbers must know; one line each."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One picture of one run, for the CSV."""

    picture: str
    """File name, as found."""
    run: str
    state: State
    teacher: tuple[str, ...]
    student: tuple[str, ...]
    detail: Detail | None
    """None where there is nothing to compare."""
