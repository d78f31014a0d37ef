"""One purse for all steps that this process runs on a project, in one workspace or in several."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from stillroom.errors import StoreBusy
from stillroom.money import Purse, Share
from stillroom.store.opening import Store


@dataclass(slots=True)
class _Open:
    """A purse while somebody spends from it."""

    purse: Purse = field(default_factory=lambda: Purse(Decimal(0)))
    shares: int = 0
    alone: bool = False
    """Whether other processes are kept out."""
    hold: ExitStack = field(default_factory=ExitStack)


_OPEN: Final[dict[tuple[int, Path], _Open]] = {}
"""By process id (a forked child spends on its own) and store file."""
_TABLE = threading.Lock()
_SPENDING = ("budget", "is spending, and the budget is kept by one process at a time")


@contextmanager
def spending(
    store: Store,
    limit: Callable[[], Decimal | None],
    spent: Callable[[], Decimal],
    growing: Callable[[], Decimal],
) -> Iterator[Share]:
    """Give a hand in the project's purse for as long as the block runs.

    Steps of this process share the purse. Under a limit other processes are kept out until the last of them
    is through: two that each kept within what is left could pass it together. So are those that know of no
    limit, as they began before there was one.

    Args:
        store: The project's.
        limit: Tells the USD for the whole project as they stand in its file now; None: no limit.
        spent: Reads what was paid; called when no other process can spend any more.
        growing: Tells what has gone by itself up to now; called before each payment under a limit.

    Raises:
        StoreBusy: Another process is spending; also on a later payment, where a limit has been set since.
    """
    key = (os.getpid(), store.path.resolve())
    with _TABLE:
        found = _OPEN.get(key) or _Open()
        # While this process is alone, its purse knows all: jobs are stored before they are settled, and would
        # be learnt of beside what is held for them.
        if not found.alone:
            limited = limit() is not None
            with ExitStack() as entering:
                if not found.shares:
                    entering.push(found.hold)
                _enter(found, store, limited=limited)
                found.purse.learn(spent())
                found.alone = limited
                entering.pop_all()
        found.shares += 1
        _OPEN[key] = found

    def gone_by_itself() -> Decimal:
        if not found.alone and limit() is not None:
            _catch_up(found, store, spent)
        return growing()

    share = found.purse.share(limit, gone_by_itself)
    try:
        yield share
    finally:
        share.close()
        with _TABLE:
            found.shares -= 1
            if not found.shares:
                del _OPEN[key]
                found.hold.close()


def _catch_up(found: _Open, store: Store, spent: Callable[[], Decimal]) -> None:
    """Keep a limit that was set after spending had begun: from now on it takes being alone, too.

    Raises:
        StoreBusy: Another process is spending; what that holds for its calls nobody else knows.
    """
    with _TABLE:
        if not found.alone:
            _enter(found, store, limited=True)
            found.alone = True
            found.purse.learn(spent())


def _enter(found: _Open, store: Store, *, limited: bool) -> None:
    """Keep out all other processes under a limit, and without one those that have one.

    Raises:
        StoreBusy: Another process is spending.
    """
    if found.shares and not limited:
        return
    found.hold.close()  # without a limit it was shared
    try:
        found.hold.enter_context(store.alone(*_SPENDING, shared=not limited))
    except StoreBusy:
        if found.shares:
            found.hold.enter_context(store.alone(*_SPENDING, shared=True))
        raise
