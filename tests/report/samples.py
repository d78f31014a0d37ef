"""A made-up report, small and complete."""

from datetime import UTC, datetime
from decimal import Decimal

from stillroom.comparison import HISTOGRAM_BINS, Spread, State, Summary, detail
from stillroom.report import (
    CostLine,
    Dataset,
    LeftOut,
    LossCurve,
    LossPoint,
    PictureCase,
    PriceNote,
    ReportData,
    RunResult,
    Setting,
    SettingGroup,
    StudentAnswer,
)

JPEG = b"\xff\xd8\xff\xe0 not a real picture \xff\xd9"


def summary(mean: float, *, half: float | None = 0.02, pictures: int = 100, warning: str = "") -> Summary:
    """A summary whose histogram has all pictures in the bin of the mean; without ``half`` no interval."""
    low, high = (None, None) if half is None else (mean - half, mean + half)
    filled = min(int(mean * HISTOGRAM_BINS), HISTOGRAM_BINS - 1)
    return Summary(
        pictures=pictures,
        failed=1,
        missing=2,
        unlabeled=0,
        both_empty=0,
        jaccard=Spread(mean, low, high, mean - 0.1, mean, mean + 0.1),
        precision=0.412,
        recall=0.387,
        f1=0.399,
        micro_jaccard=0.2345,
        size_ratio=1.07,
        histogram=tuple(pictures if place == filled else 0 for place in range(HISTOGRAM_BINS)),
        warning=warning,
    )


def empty_summary() -> Summary:
    """A run that was never asked."""
    return Summary(
        0,
        0,
        5,
        0,
        0,
        None,
        None,
        None,
        None,
        None,
        None,
        (0,) * HISTOGRAM_BINS,
        "No picture has been compared.",
    )


def result(
    name: str, mean: float, size: int | None, cost: Decimal | None = None, **more: float | None
) -> RunResult:
    """A row of the table of results."""
    return RunResult(name, f"model-of-{name}", size, summary(mean, **more), cost)  # type: ignore[arg-type]


def points(count: int, epochs: int = 1) -> tuple[LossPoint, ...]:
    """A falling loss."""
    return tuple(
        LossPoint(step, step * epochs // count, 2.0 - step / count + (0.1 if step % 2 else 0))
        for step in range(count)
    )


def case(name: str = "pier.jpg", teacher: str = "sunset\nocean", student: str = "ocean\ncar") -> PictureCase:
    """A picture with a student's answer."""
    answer = StudentAnswer("lite-900", State.SCORED, detail(teacher, student))
    return PictureCase(name, JPEG, tuple(teacher.split("\n")), (answer,))


def full(**changes: object) -> ReportData:
    """A report with something in every section."""
    values: dict[str, object] = {
        "project": "harbour-keywords",
        "sandbox": False,
        "made": datetime(2026, 8, 4, 14, 7, tzinfo=UTC),
        "version": "0.1.0",
        "teacher": "us.amazon.nova-pro-v1:0",
        "runs": (
            result("untuned", 0.213, None, Decimal("0.0213")),
            result("lite-300", 0.482, 300, Decimal("2.1244")),
            result("lite-900", 0.507, 900),
        ),
        "curves": (LossCurve("lite-900", points(40, 2), (LossPoint(20, 0, 1.9), LossPoint(39, 1, 1.4))),),
        "best": (case(),),
        "worst": (case("rain.jpg", "mist\nrain", "desert"),),
        "chosen_by": "lite-900",
        "dataset": Dataset(
            1003,
            997,
            24,
            880,
            0,
            100,
            (LeftOut("excluded by hand", 17),),
            (LeftOut("unreadable", 3),),
            (300, 880),
        ),
        "settings": (SettingGroup("Prompt", (Setting("user", "List keywords.\nNothing else."),)),),
        "costs": (
            CostLine(
                "Label",
                "997 pictures",
                Decimal("0.98"),
                Decimal("1.12"),
                Decimal("1.31"),
                Decimal("1.09"),
                seconds=252,
            ),
            CostLine(
                "Train",
                "900 pictures × 5",
                None,
                Decimal("7"),
                None,
                None,
                seconds=7380,
                unverified=True,
            ),
        ),
        "prices": (
            PriceNote(
                "Nova Pro, input", Decimal("0.0008"), "1K tokens", "AWS price pages", "May 2026", False
            ),
            PriceNote("Nova Lite training", Decimal("0.002"), "1K tokens", "a post", "May 2025", True),
        ),
        "remarks": ("7 answers had fewer than 15 keywords.",),
    }
    return ReportData(**{**values, **changes})  # type: ignore[arg-type]


def bare() -> ReportData:
    """A report of a project in which nothing has happened."""
    return ReportData("new", False, datetime(2026, 8, 4, tzinfo=UTC), "0.1.0", "us.amazon.nova-pro-v1:0")
