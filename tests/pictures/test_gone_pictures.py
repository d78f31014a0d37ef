"""Pictures whose files are gone still decide where their look-alikes belong: students learnt from them."""

from __future__ import annotations

import pytest

from stillroom.pictures import Member, PictureSettings, Side
from stillroom.pictures.splitting import leaking, split

ONE, OTHER = 0x0F0F_3C3C_AAAA_1234, 0xF0F0_C3C3_5555_EDCB


@pytest.mark.parametrize("side", [Side.TRAIN, Side.TEST])
def test_a_picture_saved_again_follows_the_one_it_replaces(side):
    gone = [Member("old", ONE, side)]
    for name in (f"new{number}" for number in range(40)):
        plan = split([Member(name, ONE ^ 1, None)], PictureSettings(test=0.5), (), gone=gone)
        assert plan.sides == {name: side}


def test_what_is_gone_is_not_counted():
    gone = [Member(f"g{number}", ONE, Side.TRAIN) for number in range(5)]
    plan = split([Member("n", ONE, None), Member("m", OTHER, None)], PictureSettings(), (3,), gone=gone)
    assert plan.near_duplicates == 0
    assert set(plan.sides) == {"n", "m"}
    assert "of 2 unique pictures train" in plan.shortfalls[0]


def test_a_test_picture_that_resembles_a_gone_training_picture_leaks():
    members = [
        Member("t", ONE, Side.TEST),
        Member("u", OTHER, Side.TEST),
        Member("gone", ONE ^ 1, Side.TRAIN),
    ]
    assert leaking(members, 4) == {"t"}
