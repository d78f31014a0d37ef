"""All services put together over one folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from stillroom.sandbox.bedrock.catalogue import Catalogue
from stillroom.sandbox.bedrock.checking import Checking
from stillroom.sandbox.bedrock.customization import Customization
from stillroom.sandbox.bedrock.deployments import Deployments
from stillroom.sandbox.bedrock.engine import Engine
from stillroom.sandbox.bedrock.models import CustomModels
from stillroom.sandbox.bedrock.provisioned import Provisioned
from stillroom.sandbox.bedrock.things import Things
from stillroom.sandbox.bill import Bill
from stillroom.sandbox.clock import Clock
from stillroom.sandbox.dispatch import Dispatcher
from stillroom.sandbox.identity.callers import Callers
from stillroom.sandbox.identity.roles import Roles
from stillroom.sandbox.knobs import as_toml, load, turned
from stillroom.sandbox.quotas import Quotas
from stillroom.sandbox.runtime.addressing import Addressing
from stillroom.sandbox.runtime.converse import Runtime
from stillroom.sandbox.s3.buckets import Buckets
from stillroom.sandbox.s3.listing import Listing
from stillroom.sandbox.s3.multipart import Multipart
from stillroom.sandbox.s3.objects import Objects
from stillroom.sandbox.s3.storage import Storage
from stillroom.sandbox.state import State
from stillroom.sandbox.wire.models import Models


class Sandbox:
    """One sandbox: its state, its services, its knobs."""

    def __init__(self, folder: Path, wall: Callable[[], float] = time.time) -> None:
        """Open the sandbox of a folder.

        Args:
            folder: Exists and belongs to this process alone.
            wall: Unix time in seconds.

        Raises:
            stillroom.sandbox.knobs.BadKnob: ``sandbox.toml`` is wrong.
            RuntimeError: The state was written by a newer Stillroom.
        """
        self._knobs_file = folder / "sandbox.toml"
        self.knobs = load(self._knobs_file)
        self.state = State(folder)
        self.clock = Clock(self.state, self.knobs.speed, wall)
        self.bill = Bill(self.state, self.clock)
        storage, roles, things = Storage(self.state), Roles(self.state, wall), Things(self.state, wall)
        models = CustomModels(things, self.clock, self.bill)
        self.engine = Engine(
            things, models, storage, Checking(storage, roles), self.clock, self.bill, lambda: self.knobs
        )
        deployments = Deployments(things, models, self.clock, self.bill)
        provisioned = Provisioned(things, models, self.clock, self.bill, lambda: self.knobs.provisioned_units)
        quotas = Quotas(lambda: self.knobs)
        access = lambda: self.knobs.no_access  # noqa: E731
        addressing = Addressing(things, models, deployments, provisioned, self.clock, access)
        self._runtime = Runtime(addressing, storage, self.bill, quotas, lambda: self.knobs)
        jobs = Customization(things, models, roles, self.clock, self.engine.begin)
        bedrock = (Catalogue(access), jobs, models, deployments, provisioned, things)
        s3 = (Buckets(storage, wall), Objects(storage, wall), Listing(storage), Multipart(storage, wall))
        self.dispatcher = Dispatcher(
            Models(),
            {
                "bedrock": _joined(bedrock),
                "bedrock-runtime": self._runtime.handlers(),
                "s3": _joined(s3),
                "sts": Callers(roles, wall).handlers(),
                "iam": roles.handlers(),
                "service-quotas": quotas.handlers(),
            },
        )

    def turn(self, changes: Mapping[str, Any]) -> None:
        """Turn knobs, for now and for later starts.

        Raises:
            stillroom.sandbox.knobs.BadKnob: One of them is wrong; none is turned.
        """
        self.knobs = turned(self.knobs, changes)
        self.clock.turn(self.knobs.speed)
        fresh = self._knobs_file.with_suffix(".toml.new")
        fresh.write_text(as_toml(self.knobs), encoding="utf-8")
        fresh.replace(self._knobs_file)

    async def close(self) -> None:
        """Stop working; jobs are resumed by the next start."""
        await self.engine.close()
        self._runtime.close()
        self.clock.rest()
        self.state.close()


def _joined(parts: tuple[Any, ...]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for part in parts:
        table |= part.handlers()
    return table
