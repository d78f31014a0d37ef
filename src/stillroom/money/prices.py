"""The price book: what a unit costs, where that figure comes from, and how far to trust it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TypeAlias

from stillroom.errors import ProjectError
from stillroom.money.models import SCOPES, Named, named

HOME_REGION = "us-east-1"
"""The region that the book was written for."""


class Kind(StrEnum):
    """What is paid for; also the keys of a ``[prices."<model>"]`` table in the project file."""

    INPUT = "input"
    OUTPUT = "output"
    BATCH_INPUT = "batch_input"
    BATCH_OUTPUT = "batch_output"
    CUSTOM_INPUT = "custom_input"
    """Input of an on-demand deployment of a custom model."""
    CUSTOM_OUTPUT = "custom_output"
    TRAINING = "training"
    STORAGE = "storage"
    HOUR = "hour"
    """Provisioned throughput without commitment."""
    HOUR_1_MONTH = "hour_1_month"
    """Provisioned throughput with one month's commitment."""
    HOUR_6_MONTHS = "hour_6_months"
    WRITE = "write"
    """Writing objects into S3."""
    GIGABYTE = "gigabyte"
    """Keeping objects in S3."""

    @property
    def unit(self) -> str:
        """What one price buys."""
        if self is Kind.STORAGE:
            return "model-month"
        if self is Kind.WRITE:
            return "1K requests"
        if self is Kind.GIGABYTE:
            return "GB-month"
        if self in (Kind.HOUR, Kind.HOUR_1_MONTH, Kind.HOUR_6_MONTHS):
            return "model-unit-hour"
        return "1K tokens"


@dataclass(frozen=True, slots=True)
class Price:
    """One price and its pedigree."""

    amount: Decimal | None
    """USD for one ``unit``; None is unknown, never zero."""
    unit: str
    source: str
    date: str
    """ISO date on which the source said so; "" for the user's own prices."""
    unverified: bool = False
    """The figure is assumed, derived or from another region."""
    note: str = ""
    region: str = HOME_REGION

    def of(self, tokens: float) -> Decimal | None:
        """USD of so many tokens or requests, for prices per 1K of them."""
        if self.amount is None:
            return None
        return self.amount * Decimal(str(tokens)) / 1000


@dataclass(frozen=True, slots=True)
class TokenPrices:
    """What asking one model costs."""

    input: Price
    output: Price

    def of(self, input_tokens: float, output_tokens: float) -> Decimal | None:
        """USD of a call; None when either price is unknown."""
        cost_in, cost_out = self.input.of(input_tokens), self.output.of(output_tokens)
        return None if cost_in is None or cost_out is None else cost_in + cost_out


@dataclass(frozen=True, slots=True)
class Calibration:
    """What published training runs cost for each picture and epoch."""

    low: Decimal
    """USD per picture and epoch."""
    high: Decimal
    source: str
    date: str


_HOURS = MappingProxyType({"": Kind.HOUR, "OneMonth": Kind.HOUR_1_MONTH, "SixMonths": Kind.HOUR_6_MONTHS})
"""By ``commitmentDuration`` of GetProvisionedModelThroughput."""

PriceKey: TypeAlias = tuple[str, str, Kind]
"""Foundation model id, scope ("" or "global"), kind."""


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Prices by model and kind; the user's own come before the book's."""

    prices: Mapping[PriceKey, Price]
    overrides: Mapping[tuple[str, Kind], Price]
    """By the id that the user wrote, and by the foundation model id that it stands for."""
    calibrations: Mapping[str, Calibration]

    @classmethod
    def load(cls, overrides: Mapping[str, Mapping[str, object]] | None = None) -> PriceBook:
        """Read the book in the package and put the project file's ``[prices]`` over it.

        Args:
            overrides: Model id -> kind (`Kind`) -> USD in the unit of that kind.

        Raises:
            ProjectError: An override names an unknown kind or is not a price.
        """
        prices, calibrations = _shipped()
        return cls(prices, MappingProxyType(_overridden(overrides or {})), calibrations)

    def price(
        self, model: str, kind: Kind, *, base_model: str | None = None, region: str = HOME_REGION
    ) -> Price:
        """Look a price up.

        Args:
            model: Model id, inference-profile id, customization variant id, or an ARN.
            kind: What is paid for.
            base_model: The foundation model behind an ARN that does not name it (custom models, deployments,
                provisioned throughput, application profiles).
            region: Where it is used. Prices of other regions than the book's are marked unverified.

        Returns:
            The price; its amount is None when it is not known.
        """
        own = self.overrides.get((model, kind))
        if own is not None:
            return own
        name = named(model)
        if name is None and base_model is not None:
            own = self.overrides.get((base_model, kind))
            if own is not None:
                return own
            name = named(base_model)
        if name is None:
            return _unknown(kind, "no price for this model", region)
        return self._of(name, kind, region)

    def _of(self, name: Named, kind: Kind, region: str) -> Price:
        for key in (name.profile, name.model):
            own = self.overrides.get((key, kind))
            if own is not None:
                return own
        found = self.prices.get((name.model, name.scope, kind))
        if found is None:
            found = self.prices.get((name.model, "", kind))
            if found is None:
                return _unknown(kind, "no price for this model", region)
            if name.scope and found.amount is not None:
                found = replace(found, unverified=True, note=f"price outside the {name.scope} profile")
        if region != HOME_REGION and name.scope != "global" and found.amount is not None:
            return replace(found, unverified=True, note=f"price of {HOME_REGION}", region=region)
        return found

    def tokens(self, model: str, *, base_model: str | None = None, region: str = HOME_REGION) -> TokenPrices:
        """What asking a model costs: base models, deployments of students, provisioned throughput.

        A custom model's deployment is paid by its own prices. Calls to provisioned throughput are paid by
        the hour, so their tokens cost nothing.
        """
        if ":provisioned-model/" in model:
            free = Price(Decimal(0), Kind.INPUT.unit, "provisioned throughput is paid by the hour", "")
            return TokenPrices(free, free)
        kinds = (Kind.INPUT, Kind.OUTPUT)
        if ":custom-model-deployment/" in model or ":custom-model/" in model:
            kinds = (Kind.CUSTOM_INPUT, Kind.CUSTOM_OUTPUT)
        paid_in, paid_out = (self.price(model, kind, base_model=base_model, region=region) for kind in kinds)
        return TokenPrices(paid_in, paid_out)

    def hour(
        self, model: str, commitment: str, *, base_model: str | None = None, region: str = HOME_REGION
    ) -> Price:
        """What one model unit of provisioned throughput costs an hour.

        Args:
            model: As in :meth:`price`.
            commitment: ``OneMonth``, ``SixMonths``, or empty: none. Of another one no price is known.
            base_model: As in :meth:`price`.
            region: As in :meth:`price`.
        """
        kind = _HOURS.get(commitment)
        if kind is None:
            return _unknown(Kind.HOUR, "no price for this commitment", region)
        return self.price(model, kind, base_model=base_model, region=region)

    def nearest(self, model: str) -> str | None:
        """The id with a price that is most like ``model``; None when that has one itself or is like none."""
        name = named(model)
        spellings = {model, *((name.model, name.profile) if name else ())}
        known = {one for one, _, _ in self.prices} | {one for one, _ in self.overrides}
        if model.startswith("arn:") or spellings & known:
            return None
        ids = sorted(one for one in known if named(one))
        prefixed = [f"{scope}.{one}" for scope in SCOPES for one in ids]
        near = get_close_matches(model, [*ids, *prefixed], n=1, cutoff=0.8)
        return near[0] if near else None

    def calibration(self, model: str, base_model: str | None = None) -> Calibration | None:
        """Figures from published training runs of a base model, where there are any."""
        name = named(model) or (named(base_model) if base_model else None)
        return self.calibrations.get(name.model) if name else None


def _unknown(kind: Kind, note: str, region: str) -> Price:
    return Price(None, kind.unit, "", "", unverified=True, note=note, region=region)


@cache
def _shipped() -> tuple[Mapping[PriceKey, Price], Mapping[str, Calibration]]:
    text = resources.files("stillroom.money").joinpath("prices.toml").read_text(encoding="utf-8")
    book = tomllib.loads(text, parse_float=Decimal)
    sources = book["sources"]
    prices: dict[PriceKey, Price] = {}
    for model, rows in book["prices"].items():
        for row in rows:
            prices[model, row.get("scope", ""), Kind(row["kind"])] = Price(
                amount=row.get("usd"),
                unit=row["unit"],
                source=sources[row["source"]],
                date=row["date"],
                unverified=row.get("unverified", False),
                note=row.get("note", ""),
                region=row["region"],
            )
    calibrations = {
        row["model"]: Calibration(row["low"], row["high"], row["source"], row["date"])
        for row in book["calibration"]
    }
    return MappingProxyType(prices), MappingProxyType(calibrations)


OWN = "project file"
"""Source of the user's own prices."""


def _overridden(tables: Mapping[str, Mapping[str, object]]) -> dict[tuple[str, Kind], Price]:
    found: dict[tuple[str, Kind], Price] = {}
    for model, table in tables.items():
        where = f'[prices."{model}"]'
        if not isinstance(table, Mapping):
            raise ProjectError(
                f"{where} is not a table", 'Write [prices."<model id>"] and keys such as input'
            )
        for key, value in table.items():
            kind = _kind(where, key)
            price = Price(_usd(f"{where} {key}", value), kind.unit, OWN, "")
            found[model, kind] = price
            name = named(model)
            if name is not None:
                found.setdefault((name.profile, kind), price)
    return found


def _kind(where: str, key: str) -> Kind:
    try:
        return Kind(key)
    except ValueError:
        near = get_close_matches(key, [kind.value for kind in Kind], n=1)
        todo = f"Did you mean {near[0]}?" if near else "Known: " + ", ".join(Kind)
        raise ProjectError(f"{where} has an unknown price: {key}", todo) from None


def _usd(where: str, value: object) -> Decimal:
    if isinstance(value, int | float | str | Decimal) and not isinstance(value, bool):
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and amount >= 0:
            return amount
    raise ProjectError(
        f"{where} is not a price: {value!r}", "Write USD as a number of 0 or more, such as 0.002"
    )
