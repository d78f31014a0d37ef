"""Tags: everything that is made in AWS carries the id of its project."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

PROJECT = "stillroom:project"
"""The tag that holds the project's id."""

_NOT_ALLOWED = re.compile(r"[^a-zA-Z0-9\s._:/=+@-]+")
"""Complement of what Bedrock takes in keys and values (``TagKey``, ``TagValue``); S3 and IAM take more."""


def clean(text: str, longest: int = 256) -> str:
    """Make a tag value of any text: what the service refuses becomes ``-``, accents are dropped.

    Returns:
        At most ``longest`` characters of the service's set; may be empty.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", _NOT_ALLOWED.sub("-", plain)).strip()[:longest].strip()


def project_tags(project_id: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The tags of a project's things.

    Args:
        project_id: The project's id.
        more: Further tags, such as ``{"run": "teacher-1"}``; their keys are put behind ``stillroom:``.

    Returns:
        Clean keys and values.
    """
    tags = {PROJECT: clean(project_id)}
    for key, value in (more or {}).items():
        tags[clean(f"stillroom:{key}", 128)] = clean(value)
    return tags


def bedrock_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """As Bedrock takes them: lower-case members."""
    return [{"key": key, "value": value} for key, value in tags.items()]


def capital_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """As IAM and S3 take them: members ``Key`` and ``Value``."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
