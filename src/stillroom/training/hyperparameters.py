"""Hyperparameters of Nova customization jobs: what the service takes, and how they travel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from stillroom.plural import plural
from stillroom.records.values import LEAST_RECORDS, MOST_RECORDS
from stillroom.training.settings import Hyperparameters


class Weight(StrEnum):
    """What a finding means: the service refuses, or it costs or misleads, or it is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class HyperparameterFinding:
    """Something that is wrong, or odd, about a job's settings."""

    name: str
    """The service's name, such as ``learningRate``; or ``baseModelIdentifier``, ``rows``."""
    weight: Weight
    message: str
    todo: str


@dataclass(frozen=True, slots=True)
class HyperparameterRule:
    """Range and default of one hyperparameter (docs page custom-models-hp, Nova understanding models)."""

    name: str
    low: float
    high: float
    default: float
    whole: bool
    """Whether only whole numbers are taken."""


NOVA_RULES: tuple[HyperparameterRule, ...] = (
    HyperparameterRule("epochCount", 1, 5, 2, whole=True),
    HyperparameterRule("learningRate", 1e-6, 1e-4, 1e-5, whole=False),
    HyperparameterRule("learningRateWarmupSteps", 0, 100, 10, whole=True),
)


class BaseFamily(StrEnum):
    """Base models that take picture fine-tuning, and those that are known not to."""

    NOVA_MICRO = "nova-micro"
    NOVA_LITE = "nova-lite"
    NOVA_PRO = "nova-pro"
    NOVA_2_LITE = "nova-2-lite"
    NOVA_PREMIER = "nova-premier"
    UNKNOWN = "unknown"


CUSTOMIZABLE = {
    BaseFamily.NOVA_MICRO: "amazon.nova-micro-v1:0:128k",
    BaseFamily.NOVA_LITE: "amazon.nova-lite-v1:0:300k",
    BaseFamily.NOVA_PRO: "amazon.nova-pro-v1:0:300k",
    BaseFamily.NOVA_2_LITE: "amazon.nova-2-lite-v1:0:256k",
}
"""``baseModelIdentifier`` of each family, us-east-1 (docs page custom-model-supported)."""


def base_family(base_model: str) -> BaseFamily:
    """Tell the family of a base model.

    Args:
        base_model: A model id, a customization variant id, a foundation-model ARN, or the ARN of an earlier
            custom model (which holds its base id).

    Returns:
        The family; UNKNOWN for other models and for custom models known only by name.
    """
    for family in BaseFamily:
        if f"amazon.{family.value}-v1:" in f"{base_model}:":
            return family
    return BaseFamily.UNKNOWN


def check(
    hyperparameters: Hyperparameters,
    base_model: str,
    *,
    rows: int | None = None,
    validation: bool = False,
) -> tuple[HyperparameterFinding, ...]:
    """Check a job's settings before anything is paid.

    Args:
        hyperparameters: What the project asks for.
        base_model: ``baseModelIdentifier``.
        rows: Training records, when known: adds what depends on them.
        validation: Whether the job has a validation set.

    Returns:
        All findings, errors first.
    """
    found = [*_check_base(base_model, validation=validation)]
    values = zip(
        NOVA_RULES,
        (hyperparameters.epochs, hyperparameters.learning_rate, hyperparameters.warmup_steps),
        strict=True,
    )
    for rule, value in values:
        found.extend(_check_value(rule, value))
    if rows is not None:
        found.extend(_check_rows(hyperparameters, base_family(base_model), rows))
    order = list(Weight)
    return tuple(sorted(found, key=lambda finding: order.index(finding.weight)))


def as_strings(hyperparameters: Hyperparameters) -> dict[str, str]:
    """Write hyperparameters as the API takes them: strings, plain decimals, never ``1e-05``.

    Whether the service takes exponents is not documented, so they are not sent.

    Args:
        hyperparameters: What the project asks for.

    Returns:
        ``hyperParameters`` of CreateModelCustomizationJob.

    Raises:
        ValueError: A value is not finite.
    """
    return {
        "epochCount": plain_decimal(hyperparameters.epochs),
        "learningRate": plain_decimal(hyperparameters.learning_rate),
        "learningRateWarmupSteps": plain_decimal(hyperparameters.warmup_steps),
    }


def plain_decimal(value: float) -> str:
    """Write a number without an exponent and without trailing zeros; reading it back gives the same number.

    Raises:
        ValueError: The value is not finite.
    """
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    text = format(Decimal(repr(value)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if text not in ("", "-0") else "0"


def suggested_epochs(rows: int) -> int:
    """Epochs that the docs suggest: 2 up to 5,000 records, 1 above (docs page custom-models-hp)."""
    return 2 if rows <= 5000 else 1


def _check_base(base_model: str, *, validation: bool) -> list[HyperparameterFinding]:
    family = base_family(base_model)
    name = "baseModelIdentifier"
    if family is BaseFamily.NOVA_PREMIER:
        return [_error(name, "Nova Premier cannot be customized.", _CHOOSE)]
    if family is BaseFamily.NOVA_MICRO:
        return [_error(name, "Nova Micro takes text only, no pictures.", _CHOOSE)]
    if family is BaseFamily.UNKNOWN:
        return [
            HyperparameterFinding(
                name,
                Weight.WARNING,
                f"The rules of base model {base_model!r} are not known here; those of Nova are applied.",
                _CHOOSE,
            )
        ]
    found = []
    variant = CUSTOMIZABLE[family]
    if base_model in (variant.rsplit(":", 1)[0], f"us.{variant.rsplit(':', 1)[0]}"):
        found.append(
            _error(name, f"{base_model} is the id for calls, not for customization.", f"Use {variant}.")
        )
    if validation and family is BaseFamily.NOVA_2_LITE:
        found.append(
            _error(
                name,
                "Nova 2 Lite takes no validation set.",
                "Set pictures.validation to 0 for this base model.",
            )
        )
    return found


_CHOOSE = f"Use {CUSTOMIZABLE[BaseFamily.NOVA_LITE]} or {CUSTOMIZABLE[BaseFamily.NOVA_PRO]}."


def _check_value(rule: HyperparameterRule, value: float) -> list[HyperparameterFinding]:
    low, high = _shown(rule.low), _shown(rule.high)
    todo = f"Choose {low} to {high}; the service's default is {_shown(rule.default)}."
    if not math.isfinite(value):
        return [_error(rule.name, f"{rule.name} is not a number: {value}.", todo)]
    if rule.whole and value != int(value):
        return [_error(rule.name, f"{rule.name} must be a whole number, not {_shown(value)}.", todo)]
    if not rule.low <= value <= rule.high:
        return [_error(rule.name, f"{rule.name} {_shown(value)} is outside {low} to {high}.", todo)]
    return []


def _check_rows(wanted: Hyperparameters, family: BaseFamily, rows: int) -> list[HyperparameterFinding]:
    found = []
    if not LEAST_RECORDS <= rows <= MOST_RECORDS:
        found.append(
            _error(
                "rows",
                f"{plural(rows, 'record')}: the service takes {LEAST_RECORDS} to {MOST_RECORDS:,}.",
                "Choose another training size.",
            )
        )
    elif family is BaseFamily.NOVA_2_LITE and rows < 200:
        found.append(
            HyperparameterFinding(
                "rows",
                Weight.WARNING,
                f"{plural(rows, 'record')}: AWS's own validator asks for 200 with Nova 2 Lite, "
                "its docs for 8.",
                "Train with 200 or more to be safe.",
            )
        )
    elif rows < 100:
        found.append(
            HyperparameterFinding(
                "rows",
                Weight.ADVICE,
                f"{plural(rows, 'record')}: the docs recommend 100 or more.",
                "Add pictures.",
            )
        )
    if wanted.warmup_steps > rows * wanted.epochs:
        found.append(
            HyperparameterFinding(
                "learningRateWarmupSteps",
                Weight.WARNING,
                f"The warm-up of {wanted.warmup_steps} steps is longer than the training of "
                f"{rows * wanted.epochs} steps.",
                "Lower training.warmup_steps.",
            )
        )
    if rows > 5000 and wanted.epochs > suggested_epochs(rows):
        found.append(
            HyperparameterFinding(
                "epochCount",
                Weight.ADVICE,
                f"{plural(wanted.epochs, 'epoch')} over {plural(rows, 'record')}: "
                f"the docs suggest {suggested_epochs(rows)}.",
                "Fewer epochs cost less.",
            )
        )
    return found


def _error(name: str, message: str, todo: str) -> HyperparameterFinding:
    return HyperparameterFinding(name, Weight.ERROR, message, todo)


def _shown(value: float) -> str:
    return plain_decimal(value)
