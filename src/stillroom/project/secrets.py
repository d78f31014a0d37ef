"""Secrets never go into the project file: it is shared, committed and shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

ADVICE = 'Take it out; put credentials into the AWS configuration and name the profile here: profile = "…"'

# Access key ids begin with AKIA (long-lived) or ASIA (temporary): IAM user guide, "unique identifiers".
_KEY_ID = re.compile(r"(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{12,}")
_NAME = re.compile(
    r"aws_?(secret|session_?token|access_?key|security_?token).*|secret_?(access_?)?key|access_?key(_?id)?",
    re.IGNORECASE,
)


class SecretFound(Exception):
    """A key or a value looks like a credential.

    Attributes:
        path: Table and key, where it stands.
        what: The fault, without the secret.
    """

    def __init__(self, path: tuple[str, ...], what: str) -> None:
        super().__init__(what)
        self.path = path
        self.what = what


def refuse(value: object, path: tuple[str, ...] = ()) -> None:
    """Look through a document, or one value.

    Raises:
        SecretFound: Something looks like an AWS credential.
    """
    left = [(path, value)]  # a dotted key may go deeper than functions may call each other
    while left:
        path, value = left.pop()
        if isinstance(value, Mapping):
            for key in map(str, value):
                if _NAME.fullmatch(key) or _KEY_ID.search(key):
                    raise SecretFound((*path, key), f"{_place(path)} holds an AWS credential by its name")
            left += [((*path, str(key)), inner) for key, inner in reversed(list(value.items()))]
        elif isinstance(value, str):
            if _KEY_ID.search(value) or re.search(r"aws_(secret|session_token)", value, re.I):
                raise SecretFound(path, f"{_place(path)} looks like an AWS credential")
        elif isinstance(value, Sequence):
            left += [(path, inner) for inner in reversed(value)]


def _place(path: tuple[str, ...]) -> str:
    if not path:
        return "the file"
    return f"{path[-1][:40]} in [{path[0][:40]}]" if len(path) > 1 else f"[{path[0][:40]}]"
