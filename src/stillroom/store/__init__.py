"""The project's memory: one SQLite file, ``.stillroom/store.db``.

``Store`` (in ``stillroom.store.opening``, which imports sqlite3) has one part for each idea:
``facts``, ``pictures``, ``runs``, ``answers``, ``spending``, ``records``, ``jobs``, ``students``, ``diary``,
``views``. The filter language is in ``filters``.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from stillroom.store.sightings import ContentRow, FlaggedRow, KnownFile, PictureRow, ScanSummary
    from stillroom.store.things import (
        DeploymentRow,
        Event,
        JobRow,
        PlanRow,
        RecordsFile,
        StudentRow,
        Upload,
    )
    from stillroom.store.values import (
        IMPORTED,
        AnswerRow,
        FailureRow,
        Measured,
        Run,
        RunCounts,
        RunSpec,
        SpendingLine,
        State,
        Tempo,
    )

__all__ = [
    "IMPORTED",
    "AnswerRow",
    "ContentRow",
    "DeploymentRow",
    "Event",
    "FailureRow",
    "FlaggedRow",
    "JobRow",
    "KnownFile",
    "Measured",
    "PictureRow",
    "PlanRow",
    "RecordsFile",
    "Run",
    "RunCounts",
    "RunSpec",
    "ScanSummary",
    "SpendingLine",
    "State",
    "StudentRow",
    "Tempo",
    "Upload",
]

_HOMES: Final = ("values", "things", "sightings")


def __getattr__(name: str) -> object:
    """Import a value when it is asked for: a shell that completes names has no time for all of them."""
    from importlib import import_module

    if name in __all__:
        for home in _HOMES:
            module = import_module(f"{__name__}.{home}")
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
