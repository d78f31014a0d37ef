"""Thumbnails made off the screen's thread, kept within bounds, the newest wish first.

Imports Pillow only in the threads that decode.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from stillroom.pictures.thumbnails import Box, Thumbnail, thumbnail
from stillroom.pictures.values import PictureFlagged

MOST_BYTES = 32 * 1024 * 1024
"""Pixels that are kept; at 80x24 that is thousands of pictures."""
MOST_WISHES = 8
"""Pictures that wait because somebody wants to draw them. Whoever still wants an older one asks again."""
_THREADS = 2
"""So that the picture that is looked at need not wait for a slow neighbour."""
_OVERHEAD = 512
"""Bytes that an entry takes beside its pixels, about."""


@dataclass(frozen=True, slots=True)
class NotShown:
    """There is no picture to draw, and why."""

    reason: str
    """One line."""


Shown = Thumbnail | NotShown
Announce = Callable[[str, Box], None]
Wish = tuple[str, Box]


@dataclass(slots=True)
class _Entry:
    shown: Shown
    stamp: object
    """Size and time of change of the file it was made of; None: there was no file."""
    age: int
    """Value of the shelf's doubt when it was last known to be true."""

    @property
    def size(self) -> int:
        return _OVERHEAD + (len(self.shown.rgb) if isinstance(self.shown, Thumbnail) else 0)


class Shelf:
    """Thumbnails of one project.

    ``want`` and ``ahead`` return at once and may be called from any thread. ``announce`` is called in one of
    the shelf's.
    """

    def __init__(
        self,
        locate: Callable[[str], Path],
        *,
        announce: Announce = lambda key, box: None,
        most_bytes: int = MOST_BYTES,
        threads: int = _THREADS,
        develop: Callable[[Path, Box], Thumbnail] = thumbnail,
    ) -> None:
        """Set up; no thread is started yet.

        Args:
            locate: Tells where the picture of a key is.
            announce: Told each key and box for which ``want`` has an answer now, or another one than before;
                and those that ``ahead`` was asked to tell.
            most_bytes: Bound on what is kept. The newest thumbnail stays even if it is larger.
            threads: How many decode.
            develop: Makes a thumbnail; may raise PictureFlagged.
        """
        self._locate = locate
        self._announce = announce
        self._most_bytes = most_bytes
        self._threads = threads
        self._develop = develop
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[Wish, _Entry] = OrderedDict()
        self._bytes = 0
        self._wishes: OrderedDict[Wish, None] = OrderedDict()
        self._ahead: list[Wish] = []
        self._tell: set[Wish] = set()
        self._under_way: set[Wish] = set()
        self._doubt = 0
        self._closed = False

    @property
    def bytes(self) -> int:
        """What is kept now."""
        return self._bytes

    def want(self, key: str, box: Box) -> Shown | None:
        """The thumbnail, or why there is none; None: not yet, it is announced when it has come.

        The newest wish is met first, and all wishes before what is only prepared.
        """
        wish = (key, box)
        with self._lock:
            entry = self._kept.get(wish)
            if entry is not None:
                self._kept.move_to_end(wish)
            if entry is None or entry.age != self._doubt:
                self._wishes.pop(wish, None)
                self._wishes[wish] = None
                while len(self._wishes) > MOST_WISHES:
                    self._wishes.popitem(last=False)
                self._begin(1)
            return None if entry is None else entry.shown

    def ahead(self, keys: Sequence[str], box: Box, tell: Collection[str] = ()) -> None:
        """Prepare these next, the first first, in place of whatever was to be prepared before.

        Args:
            keys: The pictures.
            box: For which box.
            tell: Those of them that are announced even when they were here all along: whoever asks has more
                to make of them than the shelf keeps, and a thread that announces can make it.
        """
        with self._lock:
            self._tell = {(key, box) for key in tell}
            self._ahead = [wish for key in dict.fromkeys(keys) if self._is_due(wish := (key, box))]
            for wish in reversed(self._ahead):
                if wish in self._kept:  # else what was just prepared is thrown away for what comes now
                    self._kept.move_to_end(wish)
            self._begin(len(self._ahead))

    def _is_due(self, wish: Wish) -> bool:
        entry = self._kept.get(wish)
        return entry is None or entry.age != self._doubt or wish in self._tell

    def doubt(self) -> None:
        """Files may have changed: what is wanted from now on is compared with its file again."""
        with self._lock:
            self._doubt += 1

    def close(self) -> None:
        """Drop all wishes, wait for what is being decoded, and announce nothing more."""
        with self._lock:
            self._closed = True
            self._wishes.clear()
            self._ahead.clear()
            self._tell.clear()
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, count: int) -> None:
        """Have the pool look for work; the lock is held."""
        if self._closed:
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="thumbnails")
        for _ in range(count):
            # What is done is decided when a thread is free: by then another picture may be more urgent.
            self._pool.submit(self._do_the_next)

    def _do_the_next(self) -> None:
        with self._lock:
            wish = self._most_urgent()
            if wish is None:
                return
            self._under_way.add(wish)
            known, doubt = self._kept.get(wish), self._doubt
        entry: _Entry | None = None
        try:
            entry = self._made(wish, known, doubt)
        finally:
            # A fault that nobody foresaw must not leave the screen waiting for ever.
            self._put(wish, entry or _Entry(NotShown("it could not be drawn"), None, doubt), known)

    def _most_urgent(self) -> Wish | None:
        while self._wishes:
            wish, _ = self._wishes.popitem(last=True)
            if wish not in self._under_way:
                return wish
        while self._ahead:
            wish = self._ahead.pop(0)
            if wish not in self._under_way:
                return wish
        return None

    def _made(self, wish: Wish, known: _Entry | None, doubt: int) -> _Entry:
        key, box = wish
        path = self._locate(key)
        stamp = _stamp(path)
        if known is not None and known.stamp == stamp:
            return _Entry(known.shown, stamp, doubt)
        try:
            return _Entry(self._develop(path, box), stamp, doubt)
        except PictureFlagged as flagged:
            return _Entry(NotShown(flagged.reason), stamp, doubt)

    def _put(self, wish: Wish, entry: _Entry, known: _Entry | None) -> None:
        with self._lock:
            self._under_way.discard(wish)
            if self._closed:
                return
            old = self._kept.pop(wish, None)
            self._bytes += entry.size - (old.size if old is not None else 0)
            self._kept[wish] = entry
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].size
            wanted = wish in self._tell
            self._tell.discard(wish)
        if wanted or known is None or known.shown is not entry.shown:
            self._announce(*wish)


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino
