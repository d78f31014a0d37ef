"""Keys are taken in turn: none is handed out before the one before has done what it does.

Textual hands each key to whatever has the focus when it arrives. Over a slow line or on a busy machine many
arrive at once: ``/`` moves the focus to a text field, and the text goes to the table all the same.
"""

from __future__ import annotations

from collections import deque

from textual import events
from textual.app import App, ReturnType
from textual.message_pump import MessagePump
from textual.widget import Widget

_LONGEST_SECONDS = 0.5
"""What a key takes longer for, or takes down the widget that it went to, the next one does not wait for."""


class InTurn(App[ReturnType], inherit_bindings=False):
    """An application that takes keys, and what is pasted, in turn."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._turn = 0
        """Rises with each key that is handed out."""
        self._under_way = False

    async def on_event(self, event: events.Event) -> None:
        """Take an event; a key waits for its turn."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._waiting.append(event)
            if not self._under_way:
                await self._next()
        else:
            await super().on_event(event)

    async def _next(self) -> None:
        self._under_way = bool(self._waiting)
        if not self._waiting:
            return
        self._turn += 1
        turn = self._turn
        target = self.focused or self.screen
        await super().on_event(self._waiting.popleft())
        # A key rises from widget to widget up to us, and becomes an action here; what it sends rises too.
        lap = [target, *(node for node in target.ancestors if isinstance(node, Widget)), self]
        self._follow([*lap, target, *lap], turn)
        self.set_timer(_LONGEST_SECONDS, lambda: self.call_later(self._done, turn))

    def _follow(self, way: list[MessagePump], turn: int) -> None:
        """Go along a way, behind whatever waits at each station, and then say that the turn is over."""
        while way:
            if way[0].call_later(self._follow, way[1:], turn):
                return
            way = way[1:]  # it is gone: the key has closed it
        self.call_later(self._done, turn)

    async def _done(self, turn: int) -> None:
        if turn == self._turn and self._under_way:
            self._under_way = False
            await self._next()
