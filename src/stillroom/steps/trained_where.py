"""Where students can be trained: said before anything is paid for a job that could only be refused."""

from __future__ import annotations

from stillroom.errors import UsageError
from stillroom.project import ProjectFile


def no_training(settings: ProjectFile) -> str:
    """Say that no base model is known to be trained in the project's region; empty: it is, or any may do."""
    region, known = settings.aws.region, settings.training.regions
    if not known or region in known:
        return ""
    where = " and ".join(known)
    return f"Nova models are trained in {where} only: in {region} pictures can be labeled, no more."


def refuse_region(settings: ProjectFile, *, otherwise: str = "") -> None:
    """Let nothing be paid on the way to a job that AWS would refuse.

    Args:
        settings: The project's.
        otherwise: What can be done in this region all the same.

    Raises:
        UsageError: No base model is known to be trained there.
    """
    if what := no_training(settings):
        there = f"Set aws.region to {settings.training.regions[0]}, with a bucket and a role of its own"
        raise UsageError(what, f"{there}{otherwise}. Trained here by now? See training.regions.")
