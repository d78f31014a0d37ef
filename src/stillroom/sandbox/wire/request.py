"""What arrives: an HTTP request reduced to what AWS protocols look at, and the call it turns out to be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote_plus


class Body(Protocol):
    """The bytes of a request, whole or piece by piece; read once."""

    async def read(self) -> bytes: ...

    def pieces(self) -> AsyncIterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    """As sent: still percent-encoded, without the query."""
    query: tuple[tuple[str, str], ...]
    """Decoded, in order; a name without ``=`` has an empty value."""
    headers: Mapping[str, str]
    """Case-insensitive."""
    host: str
    body: Body

    def first(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), None)


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with its parameters, ready for a handler."""

    service: str
    """Name of the botocore service model, such as ``bedrock-runtime``."""
    operation: str
    params: dict[str, Any]
    """In the shape of the operation's input; streamed bodies are not among them."""
    region: str
    """From the signature."""
    key_id: str
    """Access key id of the signature."""
    request_id: str
    body: Body
    """For operations with a streamed body."""
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back when plain members are not enough."""

    members: dict[str, Any]
    status: int = 0
    """0: the operation's own."""
    headers: Mapping[str, str] | None = None
    file: tuple[str, int, int] | None = None
    """Path, offset and length of a body that is sent from a file."""
    drop: bool = False
    """The connection is closed instead of answering."""


def split_query(text: str) -> tuple[tuple[str, str], ...]:
    """Decode a raw query string; ``a&b=1`` gives ``(("a", ""), ("b", "1"))``."""
    pairs = []
    for piece in text.split("&"):
        if piece:
            name, _, value = piece.partition("=")
            pairs.append((unquote_plus(name), unquote_plus(value)))
    return tuple(pairs)
