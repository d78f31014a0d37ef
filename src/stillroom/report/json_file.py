"""The report's numbers as JSON, for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from stillroom.comparison import Detail
from stillroom.report.values import Dataset, ReportData

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_COMPUTED: Mapping[type, tuple[str, ...]] = {
    Detail: ("jaccard", "precision", "recall", "f1"),
    Dataset: ("copies",),
}
"""Properties that are written beside the fields."""


def to_json(data: ReportData) -> str:
    """Write a report's data as JSON.

    Names are those of ``ReportData`` and its parts. Amounts are numbers in US dollars; what is unknown is
    null. Pictures' bytes are left out.

    Returns:
        Text that encodes to UTF-8 whatever the file names were; ends with a line feed.
    """
    shown = json.dumps(_plain(data), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    # Half a surrogate pair (a byte of a file name that is not UTF-8) can stand in JSON only as its escape.
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def has_scores(text: str) -> bool:
    """Whether a text is the numbers of a report in which at least one run was compared."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and bool(said.get("runs"))


def _plain(value: object) -> Json:
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)] + list(_COMPUTED.get(type(value), ()))
        members = {name: getattr(value, name) for name in names}
        return {name: _plain(member) for name, member in members.items() if not isinstance(member, bytes)}
    if isinstance(value, Sequence):
        return [_plain(member) for member in value]
    raise TypeError(f"a report has no {type(value).__name__}")
