"""What an ARN tells of the thing that it names."""

from __future__ import annotations


def region_of(arn: str) -> str:
    """Region in which a thing lies, from its ARN; empty where it lies in none, or this is no ARN."""
    return _part(arn, 3)


def account_of(arn: str) -> str:
    """Account that a thing belongs to, from its ARN; empty where it belongs to none, or this is no ARN."""
    return _part(arn, 4)


def _part(arn: str, number: int) -> str:
    parts = arn.split(":", 5)
    return parts[number] if parts[0] == "arn" and len(parts) == 6 else ""
