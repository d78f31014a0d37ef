"""Where students can be trained: said before anything is paid for a job that could only be refused."""

from __future__ import annotations

from stillroom.errors import UsageError
from stillroom.project import ProjectFile
from stillroom.training.hyperparameters import BaseFamily, base_family
from stillroom.training.settings import TrainingSettings


def unknown_region(region: str) -> str:
    """Say that no such region is known, and which one is perhaps meant; empty: it is known."""
    from stillroom.aws.regions import known_regions, nearest_region

    if region in known_regions():
        return ""
    near = nearest_region(region)
    return f"No region {region} of Bedrock is known here{f': did you mean {near}?' if near else '.'}"


def refuse_misspelt(region: str) -> None:
    """Let no bucket and no role be named after a slip.

    Raises:
        UsageError: The region is most likely misspelt.
    """
    from stillroom.aws.regions import is_misspelt

    if is_misspelt(region):
        raise UsageError(
            unknown_region(region), "A region newer than this Stillroom goes into stillroom.toml: aws.region."
        )


def no_training(region: str, training: TrainingSettings) -> str:
    """Say that the base model is not known to be trained in a region; empty: it is, or may be anywhere."""
    if not training.regions or region in training.regions:
        return ""
    if doubt := unknown_region(region):
        return doubt
    who = "Nova models are"
    if base_family(training.base_model) is BaseFamily.UNKNOWN:
        who = f"As far as training.regions tells, {training.base_model} is"
    where = " and ".join(training.regions)
    return f"{who} trained in {where} only: in {region} pictures can be labeled, no more."


def refuse_region(settings: ProjectFile, *, otherwise: str = "") -> None:
    """Let nothing be paid on the way to a job that AWS would refuse.

    Args:
        settings: The project's.
        otherwise: What can be done in this region all the same.

    Raises:
        UsageError: The base model is not known to be trained there.
    """
    region, training = settings.aws.region, settings.training
    what = no_training(region, training)
    if not what:
        return
    there = f"Set aws.region to {training.regions[0]}, with a bucket and a role of its own{otherwise}"
    if unknown_region(region):
        there = f"Set aws.region in stillroom.toml, such as to {training.regions[0]}"
    raise UsageError(what, f"{there}. Trained here by now? See training.regions.")
