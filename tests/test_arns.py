"""ARNs are read as AWS writes them; anything else is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.arns import account_of, region_of


@pytest.mark.parametrize(
    ("arn", "region", "account"),
    [
        ("arn:aws:bedrock:us-east-1:123456789012:custom-model/m:0/x", "us-east-1", "123456789012"),
        ("arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/m:0:300k", "us-gov-west-1", ""),
        ("arn:aws:iam::123456789012:role/r", "", "123456789012"),
        ("us.amazon.nova-lite-v1:0", "", ""),
        ("arn:aws:bedrock:us-east-1", "", ""),
        ("", "", ""),
    ],
)
def test_region_and_account_of_an_arn(arn: str, region: str, account: str) -> None:
    assert (region_of(arn), account_of(arn)) == (region, account)


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(region_of(text) + account_of(text), str)
