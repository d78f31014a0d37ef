"""Contents that were sorted once and have no file any more; contents of some sides alone."""

from __future__ import annotations

from stillroom.pictures import Member, Side


def test_a_removed_or_replaced_picture_is_absent_with_its_side(make):
    one, two, _ = make.pictures("one.jpg", "two.jpg", "three.jpg")
    pictures = make.store.pictures
    pictures.save_sides({one: Side.TRAIN, two: Side.TEST})
    assert pictures.absent() == []
    pictures.forget_files(["one.jpg", "three.jpg"])
    pictures.save_inspections([make.inspection("two.jpg", "other bytes")])
    assert pictures.absent() == [Member(one, 0, Side.TRAIN), Member(two, 0, Side.TEST)]
    pictures.save_inspections([make.inspection("again.jpg", "one.jpg")])
    assert pictures.absent() == [Member(two, 0, Side.TEST)]


def test_contents_of_some_sides(make):
    one, two, _ = make.pictures("one.jpg", "two.jpg", "three.jpg")
    pictures = make.store.pictures
    pictures.save_sides({one: Side.TRAIN, two: Side.TEST})
    assert [row.path for row in pictures.contents((Side.TEST,))] == ["two.jpg"]
    assert [row.path for row in pictures.contents((Side.TEST, Side.TRAIN))] == ["one.jpg", "two.jpg"]
    assert [row.path for row in pictures.contents()] == ["one.jpg", "three.jpg", "two.jpg"]
    assert pictures.contents(()) == []
