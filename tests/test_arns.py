"""ARNs are read as AWS writes them; anything else is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.arns import region_of


@pytest.mark.parametrize(
    ("arn", "region"),
    [
        ("arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.nova-lite-v1:0/x", "us-east-1"),
        ("arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/m:0:300k", "us-gov-west-1"),
        ("arn:aws:iam::123456789012:role/r", ""),
        ("us.amazon.nova-lite-v1:0", ""),
        ("arn:aws:bedrock:us-east-1", ""),
        ("", ""),
    ],
)
def test_the_region_of_an_arn(arn: str, region: str) -> None:
    assert region_of(arn) == region


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(region_of(text), str)
