"""What stands in URLs that nobody must read: a user and a password."""

from __future__ import annotations

import re

# Up to the last @ before path and query. A secret that was not escaped may hold their signs: then up to the
# last @ of all. That may take some of a path, too, which is no loss beside a password.
_USER = re.compile(r"(?<=://)(?:[^/?#\n]*|\S*)@")


def without_users(text: str) -> str:
    """A text whose URLs name no user and no password any more; all else stays as it is."""
    return _USER.sub("", text)
