"""Following: one scheduler that looks at everything of a project that changes by itself in AWS.

Jobs, deployments and what bills by the hour are looked at in one thread, each at its own pace: often while it
is young, rarely when it is old, ever more rarely while looks fail. Nothing is looked at twice at a time. The
thread ends when nothing is left to follow, and begins again when it is woken.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from stillroom.background import Handle, Runner, Signals, Slot
from stillroom.errors import StillroomError
from stillroom.serving import DeploymentStatus
from stillroom.steps.deploying import take_lost_deployments
from stillroom.steps.elsewhere import look_elsewhere
from stillroom.steps.looking import look_at, unfinished
from stillroom.steps.starting import take_lost
from stillroom.steps.students import look_at_deployment
from stillroom.steps.workspace import Workspace
from stillroom.training.polling import LONGEST_SECONDS, SHORTEST_SECONDS, after_failure, next_look

JOB, DEPLOYMENT, ACCOUNT = "job", "deployment", "account"
"""Kinds of what is followed; ``account`` is what bills by the hour and what other hands made."""
BILLING_SECONDS = 180.0
"""Between two looks at the account while something in it bills by the hour, or an answer is lost."""
NEVER = math.inf

Wait = Callable[[threading.Event, float], object]
"""Wait until the event is set, at most so many seconds."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing that is followed, as it stands at the moment of asking."""

    kind: str
    name: str
    """Name of the job or of the deployment; empty for the account."""
    status: str
    """As the service gave it at the latest look, known here or not."""
    seen: float | None
    """Unix time of the latest look that was answered; None: not since this follower was made."""
    next_in: float | None
    """Seconds until the next look; 0: being looked at, or about to be; None: only when asked for."""
    failures: int
    """Looks in a row that failed."""
    reason: str
    """Why the latest one failed; empty when it did not. Text from outside may be in it."""
    todo: str
    """What a user can do about that."""


@dataclass(slots=True)
class _Thing:
    """What the scheduler keeps of one thing; guarded by the follower's lock."""

    status: str
    created: float
    due: float
    """On the monotonic clock."""
    seen: float | None = None
    failures: int = 0
    error: StillroomError | None = None


@dataclass(frozen=True, slots=True)
class _WakingSignals(Signals):
    """Signals whose cancelling also ends a wait."""

    woken: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        Signals.cancel(self)
        self.woken.set()


class Follower:
    """Looks at what changes by itself, for as long as anything does."""

    def __init__(
        self,
        workspace: Workspace,
        runner: Runner,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Wait = threading.Event.wait,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Make it; :meth:`wake` begins.

        Args:
            workspace: The project.
            runner: Owner of the thread.
            monotonic: Clock in seconds that nobody sets.
            wait: Waits for an event.
            chance: Random numbers 0–1, for the jitter.
        """
        self._workspace = workspace
        self._runner = runner
        self._monotonic = monotonic
        self._wait = wait
        self._chance = chance
        self._lock = threading.Lock()
        self._things: dict[tuple[str, str], _Thing] = {}
        self._woken = threading.Event()
        self._handle: Handle[None] | None = None
        self._going = False
        self._looking: tuple[str, str] | None = None
        self._trouble: _Thing | None = None
        """Set while the store itself cannot be read."""

    @property
    def going(self) -> bool:
        """Whether there is anything that is looked at without being asked for."""
        with self._lock:
            return self._going

    def wake(self) -> None:
        """Follow what there is now: at the start, and whenever something was created. Returns at once."""
        with self._lock:
            self._woken.set()
            if self._going:
                return
            self._going = True
            signals = _WakingSignals(woken=self._woken)
            self._handle = self._runner.start("follow", self.follow, signals)

    def now(self) -> None:
        """Look at everything soon, also at what is never looked at unasked. Returns at once."""
        with self._lock:
            at = self._monotonic()
            for thing in self._things.values():
                thing.due = at
            self._thing(ACCOUNT, "", "", 0.0).due = at
            if self._trouble is not None:
                self._trouble.due = at
        self.wake()

    def join(self, seconds: float) -> bool:
        """Wait until the thread has ended, at most so long; True when none runs."""
        handle = self._handle
        return handle is None or handle.wait(seconds)

    def snapshot(self) -> tuple[Followed, ...]:
        """How things stand, oldest first; cheap enough for ten times a second."""
        with self._lock:
            at = self._monotonic()
            return tuple(
                _followed(kind, name, thing, at, looking=self._looking == (kind, name))
                for (kind, name), thing in self._things.items()
            )

    def failure(self) -> BaseException | None:
        """What ended the thread though nobody foresaw it; None when nothing did."""
        handle = self._handle
        if handle is None or handle.running:
            return None
        try:
            handle.result()
        except Exception as error:  # noqa: BLE001 - a thread's edge: handed to whoever asks
            return error
        return None

    def follow(self, slot: Slot, signals: Signals) -> None:
        """The thread: look at what is due, wait, until nothing is left or it is told to stop."""
        try:
            while not signals.cancelled.is_set():
                self._woken.clear()
                self._take_in()
                while (key := self._next_due()) is not None and not signals.cancelled.is_set():
                    self._look(*key)
                with self._lock:
                    due = min((thing.due for thing in self._pending()), default=NEVER)
                    if due == NEVER and not self._woken.is_set():
                        self._going = False
                        return
                # Told to stop before it was cleared: no wake-up would come.
                if due != NEVER and not signals.cancelled.is_set():
                    self._wait(self._woken, max(0.0, due - self._monotonic()))
        finally:
            with self._lock:
                self._going = False

    def _pending(self) -> list[_Thing]:
        return [*self._things.values(), *([self._trouble] if self._trouble is not None else [])]

    def _take_in(self) -> None:
        """Find what there is to follow; what is new is due at once, what is settled or gone is let go."""
        workspace, at = self._workspace, self._monotonic()
        try:
            jobs = [(JOB, job.name, job.status, job.created) for job in unfinished(workspace)]
            rows = [row for row in workspace.store.students.deployments() if row.arn]
            known, lost = workspace.known_account() is not None, _has_lost(workspace)
        except StillroomError as error:
            with self._lock:
                thing = self._trouble = self._trouble or _Thing("", 0.0, at)
                thing.failures, thing.error = thing.failures + 1, error
                thing.due = at + after_failure(thing.failures, jitter=self._chance())
            return
        served = [(DEPLOYMENT, row.name, row.status, row.created) for row in rows]
        account = [(ACCOUNT, "", "", 0.0)] if known or jobs or served else []
        found = [*jobs, *served, *account]
        with self._lock:
            self._trouble = None
            keys = {(kind, name) for kind, name, *_ in found}
            for key in [key for key in self._things if key not in keys and key[0] != ACCOUNT]:
                del self._things[key]
            for kind, name, status, created in found:
                thing = self._thing(kind, name, status, created)
                if kind == ACCOUNT and lost:
                    thing.due = min(thing.due, at + BILLING_SECONDS)

    def _thing(self, kind: str, name: str, status: str, created: float) -> _Thing:
        """The record of a thing, new ones due at once. The lock is held."""
        thing = self._things.get((kind, name))
        if thing is None:
            thing = self._things[kind, name] = _Thing(status, created, self._monotonic())
        elif thing.status != status and kind != ACCOUNT:
            # Somebody else has looked, and what is new may have to be looked at sooner.
            thing.status = status
            thing.due = min(thing.due, self._monotonic() + SHORTEST_SECONDS)
        return thing

    def _next_due(self) -> tuple[str, str] | None:
        with self._lock:
            at = self._monotonic()
            due = [(thing.due, key) for key, thing in self._things.items() if thing.due <= at]
            return min(due)[1] if due else None

    def _look(self, kind: str, name: str) -> None:
        """Look at one thing and say when to look again."""
        with self._lock:
            self._looking = (kind, name)
        status, error, pause = "", None, NEVER
        try:
            status, pause = self._ask(kind, name)
        except StillroomError as refusal:
            error = refusal
        with self._lock:
            self._looking = None
            thing = self._things.get((kind, name))
            if thing is None:
                return
            if error is None:
                thing.status, thing.failures, thing.error = status or thing.status, 0, None
                thing.seen = self._workspace.now()
            else:
                thing.failures, thing.error = thing.failures + 1, error
                pause = after_failure(thing.failures, jitter=self._chance())
            thing.due = self._monotonic() + max(SHORTEST_SECONDS, pause)

    def _ask(self, kind: str, name: str) -> tuple[str, float]:
        """Ask AWS; gives the status and the seconds until the next look."""
        workspace = self._workspace
        if kind == ACCOUNT:
            workspace.look_for_bills()
            look_elsewhere(workspace)
            take_lost(workspace)
            take_lost_deployments(workspace)
            return "", BILLING_SECONDS if workspace.billing()[0] or _has_lost(workspace) else NEVER
        if kind == JOB:
            job = workspace.store.jobs.get(name)
            if job is None:
                return "", NEVER
            status = look_at(workspace, job).status
            created = job.created
        else:
            known = next((row for row in workspace.store.students.deployments() if row.name == name), None)
            row = look_at_deployment(workspace, known) if known is not None else None
            if row is None or row.status in (DeploymentStatus.ACTIVE, DeploymentStatus.FAILED):
                return "" if row is None else row.status, NEVER
            status, created = row.status, row.created
        age = workspace.now() - created
        pause = next_look(status, age, jitter=self._chance(), speed=workspace.speed())
        # A job that has ended is let go of when the store says so; should it not, it is not asked in a loop.
        return status, LONGEST_SECONDS if pause is None else pause


def _has_lost(workspace: Workspace) -> bool:
    """Whether there is a job or a deployment that nobody has answered for: it may be there soon, or never."""
    jobs, deployments = workspace.store.jobs.all(), workspace.store.students.deployments()
    return any(job.arn is None for job in jobs) or any(row.arn is None for row in deployments)


def _followed(kind: str, name: str, thing: _Thing, at: float, *, looking: bool) -> Followed:
    pause = 0.0 if looking else max(0.0, thing.due - at)
    error = thing.error
    return Followed(
        kind,
        name,
        thing.status,
        thing.seen,
        None if pause == NEVER else pause,
        thing.failures,
        error.what if error is not None else "",
        error.todo if error is not None else "",
    )
