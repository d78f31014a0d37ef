"""The project's memory: one SQLite file, ``.stillroom/store.db``.

``Store`` (in ``stillroom.store.opening``, which imports sqlite3) has one part for each idea:
``facts``, ``pictures``, ``runs``, ``answers``, ``spending``, ``records``, ``jobs``, ``students``, ``diary``,
``views``. The filter language is in ``filters``.
"""

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
