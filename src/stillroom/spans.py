"""Times as people say them, the same in both front doors."""

from __future__ import annotations

_TENTH = 0.1
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def span(seconds: float) -> str:
    """A time span: ``< 0.1 s``, ``4.2 s``, ``42 s``, ``4 m 12 s``, ``1 h 10 m``; ``0.0 s`` is none at all."""
    if 0 < seconds < _TENTH:
        return f"< {_TENTH} s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} m {whole % _MINUTE:02d} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} m"


def left_words(seconds: float) -> str:
    """What is likely left of a time: ``about 42 s left``, ``less than 0.1 s left``."""
    if 0 < seconds < _TENTH:
        return f"less than {_TENTH} s left"
    return f"about {span(seconds)} left"


def ago(seconds: float) -> str:
    """How long something is past, in one unit: ``just now``, ``42 s ago``, ``4 m ago``, ``2 d ago``.

    A time to come (two clocks that differ) counts as now.
    """
    whole = int(seconds)
    if whole < 1:
        return "just now"
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m")):
        if whole >= size:
            return f"{whole // size} {unit} ago"
    return f"{whole} s ago"
