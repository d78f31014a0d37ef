"""Names of jobs and custom models, within what the API takes."""

from __future__ import annotations

import hashlib
import re
import unicodedata

JOB_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9+\-.]*")
"""``JobName``, at most 63 characters; the service model's own pattern means the same and backtracks."""
MODEL_NAME = re.compile(r"([0-9a-zA-Z][_-]?){1,63}")
"""``CustomModelName``, ``ModelDeploymentName`` and ``ProvisionedModelName``; at most 63 characters."""
TOKEN = re.compile(r"[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?")
"""``IdempotencyToken``."""
LONGEST = 63


def slug(name: str, longest: int = 40) -> str:
    """Make lower-case letters, digits and single dashes of a name.

    Args:
        name: Any text. Accents are dropped; what has no Latin letters (Hangul, for one) becomes a short hash,
            so that two such names stay apart.
        longest: Most characters, at least 8.

    Returns:
        1 to ``longest`` characters that begin and end with a letter or a digit.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not words:
        return "p" + hashlib.sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()[:7]
    return words[:longest].strip("-")


def job_name(project: str, size: int, unique: str) -> str:
    """Name a customization job: ``<project>-<size>-<unique>``.

    Args:
        project: Name of the project, any text.
        size: Training size in pictures.
        unique: What tells this job from an earlier one of the same project and size, such as 8 hex digits.

    Returns:
        A name that the API takes, at most 63 characters.
    """
    tail = f"-{size}-{slug(unique, 16)}"
    return slug(project, LONGEST - len(tail)) + tail


def model_name(project: str, size: int, unique: str) -> str:
    """Name a custom model (also fit for its deployment); see :func:`job_name`, which gives the same text."""
    return job_name(project, size, unique)


def is_job_name(name: str) -> bool:
    """Whether CreateModelCustomizationJob takes this as ``jobName`` (botocore does not check it)."""
    return len(name) <= LONGEST and JOB_NAME.fullmatch(name) is not None


def is_model_name(name: str) -> bool:
    """Whether the API takes this as name of a custom model, a deployment or provisioned throughput."""
    return len(name) <= LONGEST and MODEL_NAME.fullmatch(name) is not None


def is_token(token: str) -> bool:
    """Whether the API takes this as ``clientRequestToken``."""
    return TOKEN.fullmatch(token) is not None
