"""What an ARN tells of the thing that it names."""

from __future__ import annotations


def region_of(arn: str) -> str:
    """Region in which a thing lies, from its ARN; empty where it lies in none, or this is no ARN."""
    parts = arn.split(":", 5)
    return parts[3] if parts[0] == "arn" and len(parts) == 6 else ""
