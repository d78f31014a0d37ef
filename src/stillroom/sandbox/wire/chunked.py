"""Bodies in ``aws-chunked`` coding: chunks with or without signatures, and trailers after the last."""

from __future__ import annotations

from collections.abc import AsyncIterator

from stillroom.sandbox.wire.refusal import Refusal

_LONGEST_LINE = 8192


async def unchunked(source: AsyncIterator[bytes], trailers: dict[str, str]) -> AsyncIterator[bytes]:
    """Yield the content of an ``aws-chunked`` body; fill ``trailers`` (lower-case names) at its end.

    Raises:
        Refusal: The coding is broken or ends early.
    """
    reader = _Reader(source)
    while True:
        head = await reader.line()
        try:
            left = int(head.partition(b";")[0], 16)
        except ValueError:
            raise Refusal("InvalidRequest", "The body is not in aws-chunked coding.") from None
        if left == 0:
            break
        async for piece in reader.exactly(left):
            yield piece
        if await reader.line():
            raise Refusal("IncompleteBody", "A chunk is longer than it says.")
    while line := await reader.line(may_end=True):
        name, _, value = line.decode("latin-1").partition(":")
        trailers[name.strip().lower()] = value.strip()


class _Reader:
    """Lines and runs of bytes out of a stream of pieces."""

    def __init__(self, source: AsyncIterator[bytes]) -> None:
        self._source = source
        self._held = b""

    async def _more(self) -> bool:
        try:
            self._held += await anext(self._source)
        except StopAsyncIteration:
            return False
        return True

    async def line(self, may_end: bool = False) -> bytes:
        while b"\r\n" not in self._held:
            if len(self._held) > _LONGEST_LINE:
                raise Refusal("InvalidRequest", "The body is not in aws-chunked coding.")
            if not await self._more():
                if may_end:
                    line, self._held = self._held, b""
                    return line
                raise Refusal("IncompleteBody", "The request body terminated unexpectedly.")
        line, _, self._held = self._held.partition(b"\r\n")
        return line

    async def exactly(self, left: int) -> AsyncIterator[bytes]:
        while left:
            if not self._held and not await self._more():
                raise Refusal("IncompleteBody", "The request body terminated unexpectedly.")
            piece, self._held = self._held[:left], self._held[left:]
            left -= len(piece)
            yield piece
