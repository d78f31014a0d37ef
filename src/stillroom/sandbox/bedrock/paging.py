"""Pages of lists: ``maxResults`` and ``nextToken``."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stillroom.sandbox.wire.refusal import invalid


def page(
    rows: Sequence[dict[str, Any]],
    params: Mapping[str, Any],
    key: Callable[[dict[str, Any]], str],
    most: int = 100,
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of rows.

    Args:
        rows: All rows that match, in order.
        params: The call's parameters, with ``maxResults`` and ``nextToken``.
        key: What tells a row from all others; the token holds that of the last row shown.
        most: Rows of a page when the call names no number.

    Returns:
        The rows, and the token of the next page or None.

    Raises:
        Refusal: The token is none of ours.
    """
    start = 0
    if token := params.get("nextToken"):
        try:
            last = base64.urlsafe_b64decode(token.encode()).decode()
        except (ValueError, binascii.Error):
            raise invalid("The provided nextToken is invalid.") from None
        keys = [key(row) for row in rows]
        if last not in keys:
            raise invalid("The provided nextToken is invalid.")
        start = keys.index(last) + 1
    most = params.get("maxResults", most)
    shown = list(rows[start : start + most])
    more = start + most < len(rows)
    return shown, base64.urlsafe_b64encode(key(shown[-1]).encode()).decode() if more and shown else None
