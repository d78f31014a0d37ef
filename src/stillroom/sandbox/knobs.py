"""What a user can turn: ``sandbox.toml`` in the sandbox's folder, or ``PUT /_sandbox/knobs``."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

_MOST = 1e9
"""No knob takes more; what is no number at all is not below it either."""


class BadKnob(ValueError):
    """A knob is unknown or set to something it cannot take; the message names it."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Probabilities, 0 to 1, that something goes wrong. Drawn from the seed, the request and its attempt."""

    throttle: float = 0.0
    """Converse: 429 ThrottlingException."""
    error_5xx: float = 0.0
    """Converse: 500 InternalServerException or 503 ServiceUnavailableException."""
    drop: float = 0.0
    """Converse: the answer is computed and billed, then the connection is closed."""
    slow: float = 0.0
    """Converse: the answer takes ``slow_seconds`` longer."""
    truncated: float = 0.0
    """Converse: the answer is cut, with the stop reason ``max_tokens``."""
    refusal: float = 0.0
    """Converse: a refusal instead of keywords; half of them with the stop reason ``content_filtered``."""
    prose: float = 0.0
    """Converse: sentences before and after the list."""
    job: float = 0.0
    """A customization job fails in training with the service's "unexpected error"."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """All settings of a sandbox."""

    latency: float = 0.0
    """Least seconds that a Converse call takes."""
    slow_seconds: float = 5.0
    """What a slow answer takes on top."""
    speed: float = 720.0
    """Sandbox seconds a wall second, for jobs and hours held: at 720 a job of an hour takes 5 s."""
    quotas: str = "off"
    """``aws`` enforces the published default quotas of Converse; ``off`` enforces none."""
    quota_scale: float = 1.0
    """Multiplies the request and token quotas: new accounts often get far less than the defaults."""
    provisioned_units: int = 0
    """Quota of model units; the service's default is 0."""
    seed: int = 0
    """Of faults, of answers above temperature 0, and of training."""
    no_access: tuple[str, ...] = ()
    """Foundation model ids that the account has no access to."""
    faults: Faults = field(default_factory=Faults)

    def as_json(self) -> dict[str, Any]:
        """As ``GET /_sandbox/knobs`` shows them."""
        return asdict(self)


def load(path: Path) -> Knobs:
    """Read ``sandbox.toml``; a missing file means all defaults.

    Raises:
        BadKnob: The file does not parse, or a knob in it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Knobs()
    except UnicodeDecodeError:
        raise BadKnob(f"{path.name} is not UTF-8 text") from None
    try:
        return turned(Knobs(), tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadKnob(f"{path.name} does not parse: {error}") from None


def turned(knobs: Knobs, changes: Mapping[str, Any]) -> Knobs:
    """Knobs with some of them set anew.

    Args:
        knobs: As they are.
        changes: By name; ``faults`` may be partial.

    Raises:
        BadKnob: A name is unknown (the nearest is named), or a value has the wrong type or range.
    """
    values: dict[str, Any] = {}
    for name, value in changes.items():
        _known(name, Knobs, "knob")
        if name == "faults":
            if not isinstance(value, Mapping):
                raise BadKnob("the knob 'faults' takes a table of probabilities")
            for fault in value:
                _known(fault, Faults, "fault")
            chances = {fault: _chance(fault, one) for fault, one in value.items()}
            values[name] = replace(knobs.faults, **chances)
        else:
            values[name] = _value(name, value)
    return replace(knobs, **values)


def as_toml(knobs: Knobs) -> str:
    """The knobs as ``sandbox.toml`` holds them."""
    lines = ["# Knobs of the sandbox. PUT /_sandbox/knobs writes this file."]
    for name, value in knobs.as_json().items():
        if name != "faults":
            lines.append(f"{name} = {_toml(value)}")
    lines += ["", "[faults]", *(f"{name} = {_toml(value)}" for name, value in asdict(knobs.faults).items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _known(name: str, among: type, what: str) -> None:
    names = [one.name for one in fields(among)]
    if name not in names:
        near = difflib.get_close_matches(name, names, 1, 0.0)[0]
        raise BadKnob(f"there is no {what} {name!r}; the nearest is {near!r}")


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MOST:
        raise BadKnob(f"{name!r} takes a number of at most {_MOST:g}")
    return float(value)


def _chance(name: str, value: Any) -> float:
    chance = _number(name, value)
    if not 0 <= chance <= 1:
        raise BadKnob(f"the fault {name!r} takes a probability between 0 and 1")
    return chance


def _value(name: str, value: Any) -> Any:
    if name == "quotas":
        if value not in ("off", "aws"):
            raise BadKnob('the knob \'quotas\' takes "off" or "aws"')
        return value
    if name == "no_access":
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise BadKnob("the knob 'no_access' takes a list of model ids")
        # Written back to TOML between plain quotes.
        if any('"' in one or "\\" in one or not one.isprintable() for one in value):
            raise BadKnob("the knob 'no_access' takes a list of model ids")
        return tuple(value)
    number = _number(name, value)
    if name in ("seed", "provisioned_units"):
        if number != int(number) or number < 0:
            raise BadKnob(f"the knob {name!r} takes a whole number, 0 or more")
        return int(number)
    least = {"speed": 0.001, "quota_scale": 1e-6}.get(name, 0.0)
    if number < least:
        raise BadKnob(f"the knob {name!r} takes a number from {least:g} to {_MOST:g}")
    return number
