"""An open project: its settings, its store, its connection to AWS or to the sandbox."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from copy import copy
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from stillroom.arns import region_of
from stillroom.aws import Connection, Session, caller_mark, sandbox_version
from stillroom.errors import ProjectError, StoreError, Unreachable
from stillroom.money import Amount, Budget, PriceBook, Share, usd
from stillroom.project import Project, ProjectFile
from stillroom.project.reading import find, load, stamp_of
from stillroom.spans import ago
from stillroom.steps import sandboxed
from stillroom.steps.agreements import gone, plain
from stillroom.steps.plan import Counted, Plan
from stillroom.steps.reached import Reached, answering
from stillroom.steps.regions import kept_in
from stillroom.steps.sides import check_side
from stillroom.steps.speeds import FACT as SPEEDS
from stillroom.steps.speeds import seconds_there, with_speed
from stillroom.steps.spending import spending
from stillroom.steps.spent import kept_so_far, paid_so_far, spent_so_far
from stillroom.store.disks import is_writable
from stillroom.store.opening import Store


class Workspace:
    """What every step is given. One for each command; steps that run at the same time may share one.

    Attributes:
        project: The project as it was read.
        store: Its memory.
        now: Unix time in seconds.
        talked: Whether AWS (or the sandbox) has been called through this workspace.
    """

    def __init__(
        self,
        project: Project,
        store: Store,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.project = project
        self.store = store
        self.now = now
        self.talked = False
        self._reached = Reached()
        self._reached_before: list[Reached] = []
        """Under settings of before: work that began with them goes on with it."""
        self._connecting = threading.RLock()
        """Held while connection and sessions are made: several steps may share this workspace."""
        self._reading = threading.Lock()
        """Held while the project file is read again."""
        self._following = self
        """The one that follows the project file; see :meth:`as_planned`."""

    @property
    def settings(self) -> ProjectFile:
        return self.project.settings

    @property
    def root(self) -> Path:
        return self.project.root

    @property
    def sandbox(self) -> bool:
        """Whether its numbers are the sandbox's.

        An endpoint counts as it last answered. One that never answered is asked once, and only when it is on
        this machine's loopback: AWS is never called for this.
        """
        aws = self.settings.aws
        if aws.sandbox or not aws.endpoint_url:
            return aws.sandbox
        known = self.store.facts.get(f"sandbox:{aws.endpoint_url}")
        if known is None and aws.endpoint_url not in self._reached.none_there:
            if sandbox_version(aws.endpoint_url) is None:
                self._reached.none_there.add(aws.endpoint_url)
            else:
                known = "yes"
                self.remember(f"sandbox:{aws.endpoint_url}", known)
        return known == "yes"

    @property
    def where(self) -> str:
        """``SANDBOX``, ``AWS``, or ``AWS via HOST``, as banners show it."""
        aws = self.settings.aws
        return Connection(aws.region, endpoint_url=aws.endpoint_url, sandbox=self.sandbox).where

    @cached_property
    def prices(self) -> PriceBook:
        return PriceBook.load(self.settings.prices)

    def connection(self) -> Connection:
        """How AWS is reached; starts the project's sandbox when it has one and none runs."""
        with self._connecting:
            return self._connected()

    def _connected(self) -> Connection:
        aws, known = self.settings.aws, self._reached.connection
        if aws.sandbox:
            url = sandboxed.ensure(self.root)
            if known is not None and known.endpoint_url == url:
                return known
            connection = Connection(aws.region, endpoint_url=url, sandbox=True)
        elif known is not None:
            return known
        else:
            connection = answering(aws, was_sandbox=self.sandbox)
            if aws.endpoint_url:
                self.remember(f"sandbox:{aws.endpoint_url}", "yes" if connection.sandbox else "no")
            check_side(self)
        self._reached.move(connection)
        return connection

    def session(self, region: str = "") -> Session:
        """The AWS session of a region; empty: of the project's."""
        with self._connecting:
            self.talked = True
            return self._reached.session(self._connected().at(region))

    def account(self) -> str:
        """The 12-digit account; asked once and remembered for as long as the connection stays the same."""
        from stillroom.aws.identity import who_am_i

        known = self.known_account()
        if known is None:
            known = who_am_i(self.session()).account
            self.remember_account(known)
        return known

    def known_account(self) -> str | None:
        """The account as it was last seen, by the same caller at the same endpoint; asks nobody."""
        mark, _, account = (self.store.facts.get("account") or "").partition(" ")
        return account if account and mark == self.caller() else None

    def remember_account(self, account: str) -> None:
        """Store the account that was just seen."""
        self.remember("account", f"{self.caller()} {account}")

    def remember(self, name: str, seen: str) -> None:
        """Store what was seen while looking; where nothing can be stored, it is asked for again next time."""
        if not self.store.read_only:
            with suppress(StoreError):
                self.store.facts.put(name, seen)

    def caller(self) -> str:
        """A hash of who calls what; the project's own sandbox moves from port to port and stays the same."""
        aws = self.settings.aws
        return caller_mark(
            Connection(aws.region, profile=aws.profile, endpoint_url=aws.endpoint_url, sandbox=aws.sandbox)
        )

    def as_planned(self) -> Workspace:
        """The project with the settings of now, for a plan and for what carries it out.

        Of what its file says later only the budget counts there. All else is shared, and closed with this.
        """
        with self._reading:  # settings, prices and connection are of one reading
            return copy(self)

    def take_names(self, bucket: str, role_arn: str) -> None:
        """Count names that were just written into the project file, and nothing else that it says by now.

        Whoever follows the file reads it again. If it is wrong by now, that is told there, and ends nothing.
        """
        aws = replace(self.settings.aws, bucket=bucket, role_arn=role_arn)
        self.project = replace(self.project, settings=replace(self.settings, aws=aws))
        if self._following is not self:
            with suppress(ProjectError):
                self.reload()

    def reload(self) -> None:
        """Read the project file again, after it was edited: prices and connection follow it too.

        What was planned stays as it was planned: see :meth:`as_planned`.

        Raises:
            ProjectError: It is wrong, or not this store's; the settings stay as they were.
        """
        with self._reading:
            self._following._take(load(self.project.file))

    def has_changed(self) -> bool:
        """Whether the project file is not the one that was read any more; only looks at it."""
        return stamp_of(self.project.file) != self.project.stamp

    def _take(self, project: Project) -> None:
        # Not looked at in our own place: steps in other threads would meet settings that are refused.
        check_side(Workspace(project, self.store, now=self.now))
        prices = PriceBook.load(project.settings.prices)
        self.prices = prices
        if project.settings.aws == self.settings.aws:
            self.project = project
            return
        with self._connecting:
            self.project = project
            self._reached_before.append(self._reached)
            self._reached = Reached()

    def speed(self) -> float:
        """How much faster than wall time the other side's clock runs: 1 on AWS, the sandbox's knob there."""
        if not self.sandbox:
            return 1.0
        return self._ask_speed(self.connection().endpoint_url) or self._known_speed() or 1.0

    def store_speed(self) -> float:
        """The speed as it was last seen. A sandbox that runs and was never asked is asked once.

        Nothing is started for this, and AWS is never called: of a sandbox of the project's own that does not
        run yet, its knobs tell.
        """
        if not self.sandbox:
            return 1.0
        known = self._known_speed()
        if known is not None:
            return known
        own = self.settings.aws.sandbox
        asked = self._ask_speed(sandboxed.find(self.root) if own else self.settings.aws.endpoint_url)
        return asked or (sandboxed.speed_to_be(self.root) if own else 1.0)

    def _known_speed(self) -> float | None:
        known = self.store.facts.get(self._speed_fact())
        return None if known is None else float(known)

    def _ask_speed(self, url: str | None) -> float | None:
        if url is None:
            return None
        try:
            speed = max(1.0, float(sandboxed.get(url, "/_sandbox/", seconds=5).get("speed", 1.0)))
        except (Unreachable, TypeError, ValueError):
            return None
        history = with_speed(self.store.facts.get(SPEEDS), speed, self.now(), self._known_speed())
        if history is not None:
            self.remember(SPEEDS, history)
        self.remember(self._speed_fact(), str(speed))
        return speed

    def seconds_there(self, since: float, until: float) -> float:
        """Seconds between two Unix times, on the other side's clock: a sandbox's at the speeds it has had."""
        speed = self.store_speed()
        history = self.store.facts.get(SPEEDS) if self.sandbox else None
        return seconds_there(history, since, until) if history else max(0.0, until - since) * speed

    def _speed_fact(self) -> str:
        return f"sandbox_speed:{self.settings.aws.endpoint_url}"

    def budget(self) -> Budget:
        """The project's limit and what has gone towards it; jobs and unknown outcomes at their highest."""
        return Budget(self._limit, spent_so_far(self).most)

    @property
    def _limit(self) -> Decimal | None:
        """The budget as it stands in the project file now: it binds what was planned before, too."""
        return self._following.settings.limits.budget

    def spending(self) -> AbstractContextManager[Share]:
        """Give a hand in the purse that all steps of this process on this project spend from.

        Raises:
            StoreBusy: On entering: there is a budget, and another process is spending.
        """
        return spending(
            self.store,
            lambda: self._limit,
            lambda: paid_so_far(self),
            lambda: kept_so_far(self),
        )

    def budget_stop(
        self, prices: Mapping[str, Amount], then: str = "asking stops before a call that could pass it"
    ) -> tuple[str, ...]:
        """A line for a plan whose highest price is unknown, or does not fit into the budget; empty otherwise.

        Args:
            prices: Of what the budget does not count yet, by what is paid for and in the order of it.
            then: What becomes of a step that does not fit.
        """
        # What is left of it falls while other work goes on, and then less is paid, not more.
        return tuple(Counted(line, "budget") for line in self.budget().stops(prices, then))

    def budget_note(self) -> tuple[str, ...]:
        """A line for a plan where a budget cannot count all that was spent; empty otherwise."""
        unpriced = 0 if self.budget().left is None else spent_so_far(self).unpriced
        if not unpriced:
            return ()
        line = f"{unpriced:,} calls, jobs or kept models have no known price: the budget does not count them."
        return (Counted(line, "unpriced", unpriced),)

    def agreed(self, plan: Plan) -> None:
        """Write down that somebody agreed to a plan."""
        facts = {**plain(plan), "gone": gone(self.store.spending.lines(), plan.steps)}
        self.store.diary.add_plan(plan.verb, plan.title, facts)

    def look_for_bills(self) -> None:
        """Ask AWS what bills by the hour, and remember it with its time."""
        from stillroom.aws.deployments import list_provisioned
        from stillroom.serving.billing import bills_by_the_hour, hourly_cost

        held = []
        for found in chain.from_iterable(list_provisioned(self.session(one)) for one in self._regions()):
            if bills_by_the_hour(found):
                price = self.prices.hour(
                    found.model_arn,
                    found.commitment,
                    base_model=found.foundation_model_arn or None,
                    region=region_of(found.arn) or self.settings.aws.region,
                )
                cost = hourly_cost(found, price.amount, self.now())
                held.append(
                    {
                        "name": found.name,
                        "arn": found.arn,
                        "units": found.units,
                        "usd_per_hour": None if cost.per_hour is None else str(cost.per_hour),
                        "usd_so_far": None if cost.so_far is None else str(cost.so_far),
                        "usd_per_month": None if cost.per_month is None else str(cost.per_month),
                        "hours": cost.hours,
                        "unverified": price.unverified,
                    }
                )
        self.remember("hourly", json.dumps({"at": self.now(), "held": held}))

    def _regions(self) -> list[str]:
        """The project's region, and those where its students were trained: there they are served."""
        return list(dict.fromkeys([self.settings.aws.region, *kept_in(self)]))

    def billing(self) -> tuple[list[dict[str, Any]], float | None]:
        """What bills by the hour, as of the latest look, and the Unix time of that look."""
        text = self.store.facts.get("hourly")
        if text is None:
            return [], None
        said = json.loads(text)
        return said["held"], said["at"]

    def billing_lines(self) -> list[str]:
        """A warning line for each thing that bills by the hour; empty when nothing does."""
        held, at = self.billing()
        lines = []
        for one in held:
            hour = None if one["usd_per_hour"] is None else Decimal(one["usd_per_hour"])
            month = None if one["usd_per_month"] is None else Decimal(one["usd_per_month"])
            guess = ", unverified" if one.get("unverified") else ""
            lines.append(
                f"⚠ {one['name']} bills {usd(hour)} an hour ({usd(month)} a month{guess}), used or not; "
                f"seen {ago(self.now() - (at or 0.0))}. Remove it: stillroom undeploy {one['name']}"
            )
        return lines

    def close(self) -> None:
        for reached in (*self._reached_before, self._reached):
            reached.close()
        self.store.close()


@contextmanager
def open_workspace(
    start: Path,
    *,
    exact: bool = False,
    now: Callable[[], float] = time.time,
    writable: Callable[[Path], bool] = is_writable,
) -> Iterator[Workspace]:
    """Open the project at or above ``start``.

    Args:
        start: A folder, or a project file.
        exact: True: the project must be right there, not above.
        now: Unix time in seconds.
        writable: Tells whether a project's folder can be written. One that cannot is opened for looking.

    Raises:
        ProjectError: There is no project, its file is wrong, or the store is not of the side that it names.
        StoreError: Its store cannot be used.
    """
    project = load(start if exact else find(start))
    store = Store.open(project.root, now=now, read_only=not writable(project.root))
    workspace = Workspace(project, store, now=now)
    try:
        check_side(workspace)
        yield workspace
    finally:
        workspace.close()
