"""The HTTP server: loopback only, one handler for everything."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp import web

from stillroom.sandbox.dispatch import Dispatcher, Reply
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Request, split_query

_HOST = re.compile(r"(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9][a-z0-9.-]*\.)?localhost)(?::\d+)?", re.IGNORECASE)
_LARGEST_BODY = 64 * 1024**2
"""Bytes of a request that is read whole; objects are streamed and may be larger."""
_PIECE = 1 << 20

Admin = Callable[[web.BaseRequest], Awaitable[web.Response]]


class _Body:
    """A request's bytes, read when a handler wants them."""

    def __init__(self, request: web.BaseRequest) -> None:
        self._request = request
        self.awaited = request.headers.get("Expect", "").lower() == "100-continue"
        """The client holds its body back until it is told to go on."""

    async def _begin(self) -> None:
        if self.awaited:
            self.awaited = False
            await self._request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._request.writer.output_size = 0

    async def read(self) -> bytes:
        await self._begin()
        pieces, size = [], 0
        async for piece in self._request.content.iter_any():
            size += len(piece)
            if size > _LARGEST_BODY:
                raise Refusal("ValidationException", "Input is too long for requested model.", 413)
            pieces.append(piece)
        return b"".join(pieces)

    async def pieces(self) -> AsyncIterator[bytes]:
        await self._begin()
        async for piece in self._request.content.iter_any():
            yield piece


class Front:
    """Turns HTTP requests into calls of the dispatcher."""

    def __init__(self, dispatcher: Dispatcher, admin: Admin, touched: Callable[[int], None]) -> None:
        """Front of a sandbox.

        Args:
            dispatcher: Answers AWS calls.
            admin: Answers ``/_sandbox/`` calls.
            touched: Told +1 when a request begins and -1 when it ends, for the idle limit.
        """
        self._dispatcher = dispatcher
        self._admin = admin
        self._touched = touched

    async def handle(self, http: web.BaseRequest) -> web.StreamResponse:
        """Answer one HTTP request."""
        self._touched(1)
        try:
            # A foreign host name that resolves to loopback is a web page reaching for us.
            if not _HOST.fullmatch(http.headers.get("Host", "")):
                return web.Response(status=421, text="The sandbox answers on loopback names only.\n")
            path, _, query = http.raw_path.partition("?")
            if path.startswith("/_sandbox"):
                return await self._admin(http)
            body = _Body(http)
            request = Request(http.method, path, split_query(query), http.headers, http.headers["Host"], body)
            response = await self._sent(http, await self._dispatcher.answer(request))
            if body.awaited:
                # The body never comes now, and what comes next on this connection would be taken for it.
                response.force_close()
            return response
        finally:
            self._touched(-1)

    async def _sent(self, http: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        if reply.drop:
            if http.transport is not None:
                http.transport.abort()
            return web.Response(status=500)
        if reply.file is None or http.method == "HEAD":
            return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
        return await _send_file(http, reply)


async def _send_file(http: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    name, offset, length = reply.file or ("", 0, 0)
    with Path(name).open("rb") as file:
        file.seek(offset)
        if length <= _PIECE:
            return web.Response(status=reply.status, headers=reply.headers, body=file.read(length))
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        response.content_length = length
        await response.prepare(http)
        while length and (piece := await asyncio.to_thread(file.read, min(length, _PIECE))):
            length -= len(piece)
            await response.write(piece)
        await response.write_eof()
        return response
