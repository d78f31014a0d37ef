"""Users and passwords do not stay in URLs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.urls import without_users


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("http://me:SECRET@127.0.0.1:80/a", "http://127.0.0.1:80/a"),
        ('at "https://SECRET@gate/model/x%3A0/converse".', 'at "https://gate/model/x%3A0/converse".'),
        ("http://me:SEC@RET@gate", "http://gate"),
        ("http://me:SECRET of two words@gate/a@b", "http://gate/a@b"),
        ("http://me:SEC/RET@gate", "http://gate"),
        ("first http://a:SECRET@b, then https://c:SECRET@d/e", "first http://b, then https://d/e"),
        ("http://a/ and http://c:SECRET@d", "http://a/ and http://d"),
        ("https://gate:443/path?x=1", "https://gate:443/path?x=1"),
        ("mail a@b.example, or s3://bucket/key", "mail a@b.example, or s3://bucket/key"),
    ],
)
def test_users_and_passwords_are_taken_out(text: str, left: str) -> None:
    assert without_users(text) == left


@given(st.text(st.characters(exclude_characters="/?#\n")), st.sampled_from(["", "/", "/a", "?b=c", '"']))
def test_no_password_stays(secret: str, rest: str) -> None:
    assert without_users(f"to http://me:{secret}@gate{rest}") == f"to http://gate{rest}"
