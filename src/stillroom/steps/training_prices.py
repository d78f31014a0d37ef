"""What training costs and what its student costs to keep, before either is paid."""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.money import Band, Kind, usd
from stillroom.money import Step as PaidStep
from stillroom.money.estimate import Line as PriceLine
from stillroom.money.estimate import training_estimate
from stillroom.records import target_of
from stillroom.records.tokens import record_tokens
from stillroom.steps.orders import Example, label_text
from stillroom.steps.preparing import fitted
from stillroom.steps.spent import keeping_price
from stillroom.steps.workspace import Workspace
from stillroom.training import Hyperparameters
from stillroom.training.estimate import billed_tokens, training_time


def training_price(
    workspace: Workspace,
    what: str,
    records: int,
    hyper: Hyperparameters,
    tokens: tuple[float, float] | None,
) -> PriceLine:
    """What training the project's base model costs, and how long it takes.

    Args:
        workspace: The project.
        what: What is paid for, as the user calls it.
        records: Records in the training file.
        hyper: With which it is trained.
        tokens: Mean tokens of text and of picture in a record; None: unknown.
    """
    base = workspace.settings.training.base_model
    once = billed_tokens(records, 1, *tokens) if tokens else None
    time = training_time(records, hyper.epochs, speed=workspace.store_speed())
    return training_estimate(
        what,
        records,
        hyper.epochs,
        Band(once.low, once.likely, once.high) if once else None,
        workspace.prices.price(base, Kind.TRAINING, region=workspace.settings.aws.region),
        calibration=workspace.prices.calibration(base),
        seconds=Band(time.low, time.likely, time.high),
    )


def mean_tokens(workspace: Workspace, chosen: Sequence[Example]) -> tuple[float, float] | None:
    """Mean tokens of text and of picture in the records of some examples.

    None: there are no examples, or it is not known how the base model counts.
    """
    settings = workspace.settings
    target = target_of(settings.training.base_model)
    prompt = settings.prompt.prompt
    if target is None or not chosen:
        return None
    text = whole = 0
    for one in chosen:
        texts = [prompt.system, prompt.user, label_text(one.label)]
        box = fitted(one.row.width, one.row.height, settings.prepare)
        text += record_tokens(texts, [], target.family)
        whole += record_tokens(texts, [box], target.family)
    return text / len(chosen), (whole - text) / len(chosen)


def keeping_notes(workspace: Workspace, lines: Sequence[PriceLine]) -> tuple[str, ...]:
    """What new students cost beyond their training; nothing where ``lines`` train none."""
    if not any(line.step == PaidStep.TRAIN for line in lines):
        return ()
    month = usd(keeping_price(workspace, workspace.settings.training.base_model).amount)
    return (f"Each new student then costs {month} a month to keep.",)
