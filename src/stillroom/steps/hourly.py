"""What bills by the hour, as of the latest look; asks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stillroom.money import usd
from stillroom.steps.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Hourly:
    """Provisioned throughput: it bills whether or not it is used."""

    name: str
    arn: str
    units: int
    usd_per_hour: Decimal | None
    usd_per_month: Decimal | None
    usd_so_far: Decimal | None
    unverified: bool
    """The price is one that nobody has confirmed, or another region's."""

    @property
    def rate(self) -> str:
        """Its price an hour, for people."""
        return f"{usd(self.usd_per_hour)} an hour{' (unverified)' if self.unverified else ''}"


def hourly(workspace: Workspace) -> list[Hourly]:
    """What bills by the hour, as of the latest look."""
    held, _ = workspace.billing()

    def money(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return [
        Hourly(
            one["name"],
            one["arn"],
            one["units"],
            money(one["usd_per_hour"]),
            money(one["usd_per_month"]),
            money(one["usd_so_far"]),
            one.get("unverified", False),
        )
        for one in held
    ]
