"""Checks of single values: from what TOML gave to what the program uses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal

from stillroom.project.values import Rate
from stillroom.records.values import LEAST_RECORDS, MOST_RECORDS

Check = Callable[[object], object]
"""Raises NotAllowed."""

_MOST_DOLLARS = 10**9
"""Sums of larger ones could not be kept exact in 28 digits."""
_MOST_SHOWN = 10**20


class NotAllowed(Exception):
    """A value is of the wrong type or out of range; the text is the end of a sentence: "must be …"."""


def text(pattern: str = "", expected: str = "text", *, empty: bool = True, lines: bool = False) -> Check:
    """Text without control characters that matches ``pattern`` as a whole, or is empty where it may be."""
    wanted = re.compile(pattern, re.DOTALL) if pattern else None

    def check(value: object) -> object:
        if not isinstance(value, str):
            raise NotAllowed(f"must be text in quotes, not {kind(value)}")
        if not value:
            if not empty:
                raise NotAllowed("must not be empty")
            return value
        allowed = "\n\t" if lines else ""
        if any(_is_control(char) and char not in allowed for char in value):
            raise NotAllowed("must not hold control characters")
        if wanted is not None and wanted.fullmatch(value) is None:
            raise NotAllowed(f"must be {expected}")
        return value

    return check


def whole(low: int, high: int) -> Check:
    """A whole number within bounds."""

    def check(value: object) -> object:
        if isinstance(value, float | Decimal):
            raise NotAllowed(f"must be a whole number, not {str(value)[:40]}")
        if isinstance(value, bool) or not isinstance(value, int):
            raise NotAllowed(f"must be a whole number, not {kind(value)}")
        if not low <= value <= high:
            # Python refuses to write numbers of thousands of digits, which a hexadecimal one can have.
            found = f"{value:,}" if abs(value) < _MOST_SHOWN else "a number as long as that"
            raise NotAllowed(f"must be {low:,} to {high:,}, not {found}")
        return value

    return check


def number(low: float, high: float) -> Check:
    """A number within bounds, as a float."""

    def check(value: object) -> object:
        found = float(_number(value))
        if not low <= found <= high:
            raise NotAllowed(f"must be {plain(low)} to {plain(high)}, not {plain(found)}")
        return found

    return check


def yes_no(value: object) -> object:
    """True or false."""
    if not isinstance(value, bool):
        raise NotAllowed(f"must be true or false, not {kind(value)}")
    return value


def one_of(*words: str) -> Check:
    """One word of a set."""

    def check(value: object) -> object:
        if value not in words:
            shown = repr(value)[:40] if isinstance(value, str) else kind(value)
            raise NotAllowed(f"must be {' or '.join(repr(word) for word in words)}, not {shown}")
        return value

    return check


def listed(each: Check, example: str) -> Check:
    """A list whose values pass ``each``, as a tuple."""

    def check(value: object) -> object:
        if not isinstance(value, list | tuple):
            raise NotAllowed(f'must be a list such as ["{example}"], not {kind(value)}')
        return tuple(each(one) for one in value)

    return check


def sizes(value: object) -> object:
    """Training sizes: whole numbers, all different, each a number of records that the service takes."""
    if not isinstance(value, list | tuple):
        raise NotAllowed(f"must be a list such as [300, 900], not {kind(value)}")
    check = whole(LEAST_RECORDS, MOST_RECORDS)
    found = tuple(check(one) for one in value)
    if len(set(found)) < len(found):
        raise NotAllowed("must not name a size twice")
    return found


def budget(value: object) -> object:
    """US dollars, exact; "none" is None."""
    if value == "none":
        return None
    if isinstance(value, str):
        raise NotAllowed('must be a number of US dollars or "none"')
    found = _number(value)
    if not 0 <= found <= _MOST_DOLLARS:
        raise NotAllowed(f'must be 0 to {_MOST_DOLLARS:,} US dollars, or "none"')
    return _written_out(found)


def rate(value: object) -> Rate:
    """A number above 0, or "auto"."""
    if value == "auto":
        return "auto"
    if isinstance(value, str):
        raise NotAllowed('must be a number or "auto"')
    found = float(_number(value))
    if found <= 0:
        raise NotAllowed('must be above 0, or "auto"')
    return found


def price(value: object) -> Decimal:
    """US dollars of a unit, exact."""
    found = _number(value)
    if not 0 <= found <= _MOST_DOLLARS:
        raise NotAllowed(f"must be 0 to {_MOST_DOLLARS:,} US dollars")
    return _written_out(found)


def kind(value: object) -> str:
    """What a value is, for messages."""
    if isinstance(value, bool):
        return "true or false"
    for types, word in (
        (str, "text"),
        (int, "a whole number"),
        ((float, Decimal), "a number"),
        ((list, tuple), "a list"),
        (dict, "a table"),
    ):
        if isinstance(value, types):
            return word
    return "a date or time"


def plain(value: float) -> str:
    """A number without an exponent."""
    shown = format(Decimal(repr(value)), "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def written(value: object) -> str:
    """A text, number, or yes or no, as the file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    return plain(value) if isinstance(value, float) else str(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise NotAllowed(f"must be a number, not {kind(value)}")
    found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not found.is_finite() or (found and not math.isfinite(float(found))):
        raise NotAllowed("must be a finite number")
    return found


def _written_out(found: Decimal) -> Decimal:
    """Refuse 1e-999999: it is written without an exponent, and would fill the disk."""
    exponent = found.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -30:
        raise NotAllowed("must have at most 30 decimals")
    return found


def _is_control(char: str) -> bool:
    # Lone surrogates cannot be written to a file either; joiners and marks of scripts are fine.
    return ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 or "\ud800" <= char <= "\udfff"
