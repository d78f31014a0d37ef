"""Report: what a person takes away. One self-contained page, a CSV and a JSON file."""

from stillroom.report.values import (
    CostLine,
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

__all__ = [
    "CostLine",
    "Dataset",
    "LeftOut",
    "LossCurve",
    "LossPoint",
    "PictureCase",
    "PriceNote",
    "ReportData",
    "RunResult",
    "ScoreRow",
    "Setting",
    "SettingGroup",
    "StudentAnswer",
]
