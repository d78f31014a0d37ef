"""Regions of Bedrock, as the SDK at hand knows them. Asks nobody."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache


@cache
def known_regions() -> frozenset[str]:
    """Regions of all partitions. AWS may have opened one that an older SDK does not know."""
    import botocore.session

    session = botocore.session.Session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("bedrock", partition)
    )


def is_misspelt(region: str) -> bool:
    """Whether a region is like a known one and in no place that has any.

    A region whose number alone is new (``us-west-3``) may have been opened since the SDK was made.
    """
    places = {known.rpartition("-")[0] for known in known_regions()}
    return bool(nearest_region(region)) and region.rpartition("-")[0] not in places


def nearest_region(region: str) -> str:
    """The known region that an unknown one is perhaps meant to be; empty where it is known, or like none."""
    known = sorted(known_regions())
    if region in known:
        return ""
    letters = sorted(region)  # most slips swap two
    return min(get_close_matches(region, known), key=lambda one: sorted(one) != letters, default="")
