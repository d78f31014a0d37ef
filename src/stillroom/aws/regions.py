"""Regions of Bedrock, as the SDK at hand knows them. Asks nobody."""

from __future__ import annotations

from difflib import get_close_matches


def nearest_region(region: str) -> str:
    """The known region that an unknown one is perhaps meant to be; empty where it is known, or like none.

    AWS may have opened a region that an older SDK does not know: it is no more than a hint.
    """
    import botocore.session

    known = botocore.session.Session().get_available_regions("bedrock")
    if region in known:
        return ""
    letters = sorted(region)  # most slips swap two
    return min(get_close_matches(region, known), key=lambda one: sorted(one) != letters, default="")
