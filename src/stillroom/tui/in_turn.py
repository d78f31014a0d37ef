"""Keys are taken in turn: none is handed out before the one before has done what it does.

Textual hands each key to whatever has the focus when it arrives. Over a slow line or on a busy machine many
arrive at once: ``/`` moves the focus to a text field, and the text goes to the table all the same.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from textual import events
from textual.app import App, ReturnType
from textual.message_pump import MessagePump
from textual.widget import Widget

_LONGEST_SECONDS = 0.5
"""What a key takes longer for, or takes down the widget that it went to, the next one does not wait for."""


class _Turn:
    """One key: from being handed out until all that it sent has been heard.

    Methods without arguments are handed to Textual on purpose: of anything else it looks up the signature at
    every key, which takes a tenth of drawing a page.
    """

    def __init__(self, way: Sequence[MessagePump], over: Callable[[_Turn], Awaitable[None]]) -> None:
        self._way = iter(way)
        self._over = over
        self._app = way[-1]
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(_LONGEST_SECONDS, self._app.post_message, events.Callback(self.over))

    def follow(self) -> None:
        """Go along the way, behind whatever waits at each station, and then say that the turn is over."""
        for station in self._way:  # one that takes no message is gone: the key has closed it
            if station.post_message(events.Callback(self.follow)):
                return
        self._app.post_message(events.Callback(self.over))

    async def over(self) -> None:
        self._patience.cancel()
        await self._over(self)


class InTurn(App[ReturnType], inherit_bindings=False):
    """An application that takes keys, and what is pasted, in turn."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._turn: _Turn | None = None
        """The key that is under way."""
        self._handing_out = False

    async def on_event(self, event: events.Event) -> None:
        """Take an event; a key waits for its turn."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._waiting.append(event)
            if self._turn is None and not self._handing_out:
                await self._next()
        else:
            await super().on_event(event)

    async def _next(self) -> None:
        if not self._waiting:
            return
        target = self.focused or self.screen
        self._handing_out = True
        try:
            await super().on_event(self._waiting.popleft())
        finally:
            self._handing_out = False
        # A key rises from widget to widget up to us, and becomes an action here; what it sends rises too.
        lap = [target, *(node for node in target.ancestors if isinstance(node, Widget)), self]
        self._turn = _Turn([*lap, target, *lap], self._over)
        self._turn.follow()

    async def _over(self, turn: _Turn) -> None:
        if turn is self._turn:
            self._turn = None
            await self._next()
