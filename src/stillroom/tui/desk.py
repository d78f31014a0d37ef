"""What all screens share: the open project, the work under way, and a watch on what changes.

Nothing here draws. Threads report, screens read.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

from stillroom.background import Handle, Progress, Runner
from stillroom.errors import StillroomError
from stillroom.money import usd
from stillroom.steps.finished import kept_words
from stillroom.steps.happened import Happened, News
from stillroom.steps.heading import Heading, heading
from stillroom.steps.plan import Plan, Step, Watch
from stillroom.steps.remembered_standing import recall_standing
from stillroom.steps.workspace import Workspace
from stillroom.tui.cells import SYMBOLS

if TYPE_CHECKING:
    from stillroom.steps.following import Follower

_WATCH_SECONDS = 1.0
"""How often the store is asked whether anybody has written to it."""
_MONEY_SECONDS = 10.0
"""How often money is looked at while models are kept: they cost though nobody writes."""
_PATIENCE_SECONDS = 60.0
"""How long calls under way are waited for by one who quits."""
_LOOK_SECONDS = 0.1
_LAST_WORDS_SECONDS = 3.0
"""What work gets to end by itself when it is to leave at once; a call that hangs would take minutes."""
_RATES = 240
"""Seconds of rates that are kept."""

AnyStep = Step[Any, Any]


class Work:
    """One step that is being executed, or has been.

    Attributes:
        step: What is executed.
        plan: What was agreed to.
        began: Unix time.
        ended: Unix time; None while it runs.
    """

    def __init__(self, number: int, step: AnyStep, plan: Plan, handle: Handle[Any], began: float) -> None:
        self.number = number
        self.step = step
        self.plan = plan
        self.handle = handle
        self.began = began
        self._sampled = 0.0
        self._sampled_of = ""
        self.ended: float | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.rates: deque[float] = deque(maxlen=_RATES)
        """Items a second, one sample a second, newest last."""

    @property
    def progress(self) -> Progress:
        """The newest snapshot."""
        return self.handle.slot.get()

    @property
    def running(self) -> bool:
        return self.ended is None

    @property
    def paused(self) -> bool:
        return self.handle.signals.paused.is_set()

    @property
    def sign(self) -> str:
        """The symbol of its state."""
        return SYMBOLS.paused if self.paused else SYMBOLS.running

    @property
    def stopping(self) -> bool:
        return self.handle.signals.cancelled.is_set()

    def pause(self) -> None:
        """Begin no new call; what is under way is finished."""
        self.handle.signals.paused.set()

    def resume(self) -> None:
        self.handle.signals.paused.clear()

    def stop(self) -> None:
        """Finish and store what is under way, and leave the rest."""
        self.handle.signals.cancel()

    def sample(self, now: float) -> None:
        """Note the rate once a second, for a sparkline that is there when somebody comes to look."""
        progress = self.progress
        if progress.doing != self._sampled_of:
            # Pictures that are prepared go by hundreds, answers by ones: each has a curve of its own.
            self._sampled_of = progress.doing
            self.rates.clear()
        if progress.rate is not None and abs(now - self._sampled) >= 1.0:  # a clock may be set back
            self._sampled = now
            self.rates.append(progress.rate)

    def settle(self, now: float) -> bool:
        """Take in the outcome when there is one; True exactly once."""
        if self.ended is not None or self.handle.running:
            return False
        try:
            self.result = self.handle.result()
        except StillroomError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - a thread's edge: whoever ticks raises it where it is seen
            self.error = error
        self.ended = now
        return True


def same_step(one: AnyStep, other: AnyStep) -> bool:
    """Whether two steps would do the same: the same kind with the same arguments."""
    if type(one) is not type(other):
        return False
    return one == other if is_dataclass(one) else True


class Desk:
    """The open project as the workbench holds it.

    Attributes:
        workspace: The project; every step is given it.
        read_only: Plans are shown and nothing is executed.
        version: Grows whenever anybody has written to the store since this was made.
        heading: What the header tells; never in doubt, so it is gathered before anything is drawn.
    """

    def __init__(
        self,
        workspace: Workspace,
        runner: Runner,
        *,
        read_only: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.workspace = workspace
        self.runner = runner
        self.read_only = read_only
        self.now = now
        self.version = 0
        self.heading: Heading | None = heading(workspace)
        self.kept = ""
        """What the kept models cost a month, in words; gathered with the heading by the watcher."""
        self.standing = recall_standing(workspace)
        """Where the steps stood when they were counted last, by whichever process; None: never."""
        self.trouble: StillroomError | None = None
        """Why the store could not be read; it is tried again until it can."""
        self._happened: deque[Happened] = deque()
        self.broken: StillroomError | None = None
        """Why the project file could not be read again: the settings of before count until it can."""
        self.file_read: Callable[[], None] = lambda: None
        """Called when the project file has been read again, in whichever thread has read it."""
        self._reading = threading.Lock()
        """Held while the project file is looked at, and read: of two threads one finds it changed."""
        self._follower: Follower | None = None
        self._making = threading.Lock()
        """Held while the follower is made."""
        self._works: list[Work] = []
        self._planning: list[AnyStep] = []
        self.started = 0
        """Works that were begun so far; one that has ended is let go, with all the rows of its plan."""
        self._fault: BaseException | None = None
        self._hurried = threading.Event()
        self._leave = threading.Event()
        self._leaving = threading.Lock()
        """Held while it is decided to leave, or to follow something new: a thread that began when all others
        had been told to stop would be waited for."""
        self._nudge = threading.Event()
        self._made_at = workspace.store.changes.version()
        """Of the thread that made this; see :meth:`catch_up`."""
        self._watching = threading.Event()
        """Set when the watch has looked for the first time."""
        self._caught_up = False
        self._watcher = threading.Thread(target=self._watch, name="watch-store", daemon=True)

    def open(self) -> None:
        """Begin to watch the store, and to follow what an earlier session has left running."""
        self._watcher.start()

    @property
    def follower(self) -> Follower:
        """Looks at what changes by itself in AWS; made, with all that it imports, when it is first wanted."""
        with self._making:
            if self._follower is None:
                from stillroom.steps.following import Follower

                self._follower = Follower(self.workspace, self.runner)
            return self._follower

    def close(self, patience: float = _PATIENCE_SECONDS) -> None:
        """Stop all work and stop watching. The workspace stays open.

        Args:
            patience: Seconds that what is under way may take; what hangs longer is abandoned, and counts as
                outcome unknown.
        """
        with self._leaving:
            self._leave.set()
        self._nudge.set()
        self.runner.stop()
        deadline = time.monotonic() + patience
        while not self.runner.wait(_LOOK_SECONDS):
            if self._hurried.is_set() or time.monotonic() >= deadline:
                self.runner.abandon()
                self.runner.wait(_LAST_WORDS_SECONDS)
                break
        if self._watcher.is_alive():
            self._watcher.join(_LAST_WORDS_SECONDS)

    def hurry(self) -> None:
        """Wait no longer for what is under way. Returns at once; another thread may be closing."""
        self._hurried.set()

    def fault(self) -> BaseException | None:
        """What ended the watch or the follower though nobody foresaw it; None when nothing did."""
        return self._fault or (self._follower.failure() if self._follower is not None else None)

    @property
    def running(self) -> tuple[Work, ...]:
        """Newest last."""
        return tuple(work for work in self._works if work.running)

    def busy_with(self, step: AnyStep) -> bool:
        """Whether this very step is being planned or executed."""
        under_way = [work.step for work in self.running] + self._planning
        return any(same_step(step, each) for each in under_way)

    def planning(self, step: AnyStep) -> None:
        """Note that a step is being planned, so that a second press does nothing."""
        self._planning.append(step)

    def planned(self, step: AnyStep) -> None:
        """Note that its planning is over, whatever came of it."""
        self._planning.remove(step)

    def start(self, step: AnyStep, plan: Plan, workspace: Workspace) -> Work:
        """Execute in a thread of its own, with the workspace that it was planned in."""
        self.started += 1
        handle: Handle[Any] = self.runner.start(
            plan.verb, lambda slot, signals: step.execute(workspace, plan, Watch(slot, signals))
        )
        work = Work(self.started, step, plan, handle, self.now())
        self._works.append(work)
        return work

    def settled(self) -> list[Work]:
        """Works that have ended since the last call; those that go on note their rate."""
        for work in self.running:
            work.sample(self.now())
        ended = [work for work in self._works if work.settle(self.now())]
        if ended:
            self._works = [work for work in self._works if work.running]
            # It may have made a job or a deployment.
            self._wake_follower()
        return ended

    def catch_up(self) -> None:
        """Count what was written before the watch began; only in the thread that made this.

        Screens have gathered by then: without anything to count none gathers a second time.
        """
        if self._caught_up or not self._watching.is_set():
            return
        self._caught_up = True
        with suppress(StillroomError):  # the watch finds that out as well, and says it
            if self.workspace.store.changes.version() == self._made_at:
                return
        self.refresh()

    def happened(self) -> list[Happened]:
        """What has come without anybody's doing since the last call: a job has ended."""
        return [self._happened.popleft() for _ in range(len(self._happened))]

    def _wake_follower(self) -> None:
        follower = self.follower  # made, perhaps with all that it imports, while nobody waits for the lock
        with self._leaving:
            if not self._leave.is_set():
                follower.wake()

    def _read_file(self) -> None:
        """Read the project file again; when that goes well the store counts as changed.

        Raises:
            ProjectError: It is wrong. That is kept until it is mended, here or in another window.
        """
        try:
            self.workspace.reload()
        except StillroomError as error:
            if str(error) != str(self.broken):
                self.refresh()  # screens look, and say what is wrong
            self.broken = error
            raise
        self.broken = None
        self.file_read()
        self.refresh()

    def follow_file(self) -> None:
        """Read the project file again if it was changed, here or in another window, or could not be read.

        Costs one look at the file: nothing is planned or begun without it, and the watcher looks each second.

        Raises:
            ProjectError: It is wrong, and stays so until it is mended.
        """
        with self._reading:
            if self.broken is not None or self.workspace.has_changed():
                self._read_file()
                self._happened.append(Happened("The project file was read again.", False))

    def _read_money(self) -> None:
        """Have screens look again when keeping models costs more than they tell, as far as it is written."""
        said, self.heading = self.heading, heading(self.workspace)
        if said is None or (usd(said.spent_usd), usd(said.gone_usd)) != (
            usd(self.heading.spent_usd),
            usd(self.heading.gone_usd),
        ):
            self.version += 1

    def refresh(self) -> None:
        """Count the store as changed, as after the project file was edited."""
        self._nudge.set()

    def _watch(self) -> None:
        try:
            self._watch_store()
        except Exception as error:  # noqa: BLE001 - a thread's edge: whoever ticks raises it where it is seen
            self._fault = error

    def _watch_store(self) -> None:
        seen: int | None = None
        looked = 0.0
        news: News | None = None
        while not self._leave.is_set():
            with suppress(StillroomError):
                self.follow_file()
            nudged = self._nudge.is_set()
            if nudged:
                self._nudge.clear()
            try:
                version = self.workspace.store.changes.version()
                if version != seen or nudged or self.trouble is not None:
                    news = news or News(self.workspace.store)
                    self._happened.extend(news.since())
                    self.heading = heading(self.workspace)
                    self.kept = kept_words(self.workspace)
                    if seen is not None or nudged or self.trouble is not None:
                        self.version += 1
                    seen, looked, self.trouble = version, self.now(), None
                    self._watching.set()
                    # Somebody else, in another window, may have made a job or a deployment.
                    self._wake_follower()
                elif self.kept and self.now() - looked >= _MONEY_SECONDS:
                    looked = self.now()
                    self._read_money()
            except StillroomError as error:
                if self.trouble is None:
                    self.version += 1  # screens look, and say what is wrong
                self.trouble = error
            self._nudge.wait(_WATCH_SECONDS)
