"""The sandbox's own bill, counted from what it served, trained, stored and held."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stillroom.sandbox import tariff
from stillroom.sandbox.clock import Clock
from stillroom.sandbox.state import State

_HOUR = 3600


class Bill:
    """Writes down what costs money, and adds it up."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    def served(self, model: str, priced_as: str, custom: bool, input_tokens: int, output_tokens: int) -> None:
        """Count one answered Converse call.

        Args:
            model: Foundation model id, or the ARN of the custom model that answered.
            priced_as: Model or profile id whose price holds.
            custom: A custom model answered.
            input_tokens: Tokens of the request.
            output_tokens: Tokens of the answer.
        """
        self._state.db.execute(
            "INSERT INTO calls VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT DO UPDATE SET served = served + 1, "
            "input_tokens = input_tokens + excluded.input_tokens, "
            "output_tokens = output_tokens + excluded.output_tokens",
            (model, priced_as, custom, input_tokens, output_tokens),
        )

    def trained(self, job: str, base: str, tokens: int) -> None:
        """Set what a job has trained so far: tokens of its records times epochs."""
        self._state.db.execute("INSERT OR REPLACE INTO trained VALUES (?, ?, ?)", (job, base, tokens))

    def hold(self, what: str, kind: tariff.Held, base: str, commitment: str = "", units: int = 1) -> None:
        """Begin to bill a thing by time."""
        self._state.db.execute(
            "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, NULL)",
            (what, kind, base, commitment, units, self._clock.now()),
        )

    def release(self, what: str) -> None:
        """Stop billing a thing."""
        self._state.db.execute(
            "UPDATE held SET until = ? WHERE what = ? AND until IS NULL", (self._clock.now(), what)
        )

    def as_json(self) -> dict[str, Any]:
        """The bill; a price that nobody published is null and does not count in the sum."""
        calls: dict[str, dict[str, Any]] = {}
        total = Decimal(0)
        for row in self._state.rows("SELECT * FROM calls ORDER BY model, priced_as"):
            usd = _price(
                tariff.usd_for_call,
                row["priced_as"],
                row["input_tokens"],
                row["output_tokens"],
                custom=bool(row["custom"]),
            )
            total += usd or 0
            line = calls.setdefault(
                row["model"],
                {
                    "model": row["model"],
                    "served": 0,
                    "input_tokens": 0,
                    "output_tokens": 0,
                    "usd": Decimal(0),
                },
            )
            for name in ("served", "input_tokens", "output_tokens"):
                line[name] += row[name]
            line["usd"] = None if usd is None or line["usd"] is None else line["usd"] + usd
        training = []
        for row in self._state.rows("SELECT * FROM trained ORDER BY job"):
            usd = _price(tariff.usd_for_training, row["base"], row["tokens"])
            total += usd or 0
            training.append({"job": row["job"], "tokens": row["tokens"], "usd": _float(usd)})
        held = []
        now = self._clock.now()
        for row in self._state.rows("SELECT * FROM held ORDER BY since, what"):
            hours = ((now if row["until"] is None else row["until"]) - row["since"]) / _HOUR
            usd = _price(
                tariff.usd_held,
                row["kind"],
                max(0.0, hours),
                base=row["base"],
                commitment=row["commitment"],
                units=row["units"],
            )
            total += usd or 0
            held.append({"what": row["what"], "hours": round(hours, 6), "usd": _float(usd)})
        lines = [line | {"usd": _float(line["usd"])} for line in calls.values()]
        return {"calls": lines, "training": training, "held": held, "usd": float(total)}


def _price(price: Any, *values: Any, **named: Any) -> Decimal | None:
    try:
        found: Decimal = price(*values, **named)
    except tariff.UnknownPrice:
        return None
    return found


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
