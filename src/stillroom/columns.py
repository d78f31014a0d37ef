"""How high a column of a histogram stands, the same in both front doors."""

from __future__ import annotations

RISING = " ▁▂▃▄▅▆▇█"
"""A column of one line, by its height in eighths of the line."""


def level(value: float, low: float, high: float, most: int) -> int:
    """Where a value lies between two others: 0 to ``most``, rounded; 0 where these two are one."""
    if high <= low:
        return 0
    return round(max(0.0, min(1.0, (value - low) / (high - low))) * most)


def eighths(count: float, full: float, *, lines: int = 1) -> int:
    """Height of a column in eighths of a line.

    Args:
        count: What it stands for. None at all has no height, anything more an eighth at least.
        full: The count of a full column.
        lines: Height of a full column in lines.
    """
    return 0 if count <= 0 else max(1, level(count, 0.0, full, 8 * lines))
