"""Files and contents: scans, copies, replaced and vanished files, sides, order, exclusion, prepared files."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillroom.pictures import Flag, PreparedFile, Side
from stillroom.store import KnownFile


def test_known_files_are_what_the_scan_saw(make):
    make.store.pictures.save_inspections([make.inspection("a/b.jpg", "x"), make.flagged("c.jpg")])
    assert make.store.pictures.known_files() == {
        "a/b.jpg": KnownFile(1000, 5, make.content("x"), None),
        "c.jpg": KnownFile(1000, 5, None, "empty"),
    }


def test_copies_are_one_content_with_the_first_path(make):
    make.store.pictures.save_inspections(
        make.inspection(path, "same") for path in ("z.jpg", "a.jpg", "m.jpg")
    )
    (row,) = make.store.pictures.contents()
    assert (row.path, row.copies, row.content) == ("a.jpg", 3, make.content("same"))
    summary = make.store.pictures.summary()
    assert (summary.pictures, summary.unique, summary.duplicates, summary.bytes) == (3, 1, 2, 3000)


def test_pictures_follow_one_another_by_path_without_copies_and_those_left_out(make):
    pictures = make.store.pictures
    named = {"b.jpg": "1", "a.jpg": "2", "c.jpg": "2", "d.jpg": "3", "e.jpg": "4"}
    pictures.save_inspections(make.inspection(path, content) for path, content in named.items())
    pictures.set_excluded([make.content("3")], True)
    order = ["a.jpg", "b.jpg", "e.jpg"]
    assert pictures.turns() == len(order)
    assert [pictures.turn_of(path) for path in named] == [1, 0, None, None, 2]
    for known in [(0, ""), *enumerate(order)]:
        found = [pictures.in_turn(place, known) for place in range(-1, 4)]
        assert [row and row.path for row in found] == [None, *order, None], known


@pytest.mark.parametrize("dhash", [None, 0, 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_all_64_bits_come_back(make, dhash):
    make.store.pictures.save_inspections([make.inspection("a.jpg", dhash=dhash)])
    assert make.store.pictures.contents()[0].dhash == dhash


def test_a_flagged_file_is_no_content_even_with_the_bytes_of_a_good_one(make):
    pictures = make.store.pictures
    pictures.save_inspections(
        [
            make.inspection(
                "bad.png", "x", flag=Flag.WRONG_EXTENSION, reason="It is a jpeg.", width=0, height=0
            )
        ]
    )
    assert pictures.contents() == []
    pictures.save_inspections([make.inspection("good.jpg", "x")])
    (row,) = pictures.contents()
    assert (row.path, row.copies, row.width) == ("good.jpg", 1, 640)
    (flagged,) = pictures.flagged()
    assert (flagged.path, flagged.flag, flagged.reason) == ("bad.png", Flag.WRONG_EXTENSION, "It is a jpeg.")
    assert flagged.content == make.content("x")
    pictures.save_inspections(
        [make.inspection("worse.png", "x", flag=Flag.WRONG_EXTENSION, width=0, height=0)]
    )
    assert pictures.contents()[0].width == 640
    assert pictures.summary().flagged == {"wrong_extension": 2}


def test_a_replaced_picture_is_a_new_content_and_old_answers_stay(make):
    pictures = make.store.pictures
    pictures.save_inspections([make.inspection("a.jpg", "old")])
    pictures.save_sides({make.content("old"): Side.TEST})
    run = make.run()
    make.label(run, {make.content("old"): ("sea",)})
    pictures.save_inspections([make.inspection("a.jpg", "new")])
    (row,) = pictures.contents()
    assert (row.content, row.side) == (make.content("new"), None)
    assert make.store.runs.todo(run.id, [row.content]) == [row.content]
    (answer,) = make.store.answers.rows(run.id)
    assert (answer.content, answer.path) == (make.content("old"), "a.jpg")
    pictures.save_inspections([make.inspection("a.jpg", "old")])
    assert pictures.contents()[0].side is Side.TEST


def test_a_file_that_is_gone_is_not_present_and_its_answers_are_kept(make):
    pictures = make.store.pictures
    a, b = make.pictures("a.jpg", "b.jpg")
    run = make.run()
    make.label(run, {a: ("sea",)})
    pictures.forget_files(["a.jpg", "never seen.jpg"])
    assert list(pictures.known_files()) == ["b.jpg"]
    assert [row.content for row in pictures.contents()] == [b]
    (answer,) = make.store.answers.rows(run.id)
    assert (answer.path, answer.keywords) == ("a.jpg", "sea")


def ids(make) -> dict[str, int]:
    with make.store.database.reading() as connection:
        return dict(connection.execute("SELECT path, id FROM files").fetchall())


def test_an_id_that_a_file_had_is_never_given_to_another(make):
    """What is marked by its id would be another picture."""
    pictures = make.store.pictures
    make.pictures("a.jpg", "b.jpg", "last.jpg")
    given = set(ids(make).values())
    for round, gone in enumerate((["last.jpg"], ["b.jpg"], ["a.jpg", "new-0.jpg", "new-1.jpg"])):
        pictures.forget_files(gone)
        pictures.forget_files([])
        make.pictures(f"new-{round}.jpg")
        fresh = ids(make)[f"new-{round}.jpg"]
        assert fresh not in given, gone
        given.add(fresh)


def test_a_file_that_has_changed_keeps_its_id(make):
    make.pictures("a.jpg", "b.jpg")
    before = ids(make)
    make.store.pictures.save_inspections(
        [make.inspection("c.jpg"), make.inspection("a.jpg", "other bytes"), make.inspection("d.jpg")]
    )
    assert {path: id for path, id in ids(make).items() if path in before} == before


def test_nobody_ever_moves(make):
    a, b = make.pictures("a", "b")
    pictures = make.store.pictures
    pictures.save_sides({a: Side.TEST, b: Side.OUT})
    pictures.save_sides({a: Side.TRAIN, b: Side.TRAIN})
    assert [row.side for row in pictures.contents()] == [Side.TEST, Side.OUT]


def test_the_order_is_stored_anew_each_time(make):
    a, b, c = make.pictures("a", "b", "c")
    pictures = make.store.pictures
    pictures.save_order([c, a])
    assert [row.order for row in pictures.contents()] == [1, None, 0]
    pictures.save_order([b, c])
    assert [row.order for row in pictures.contents()] == [None, 0, 1]


def test_exclusion_counts_what_changes(make):
    a, b, c = make.pictures("a", "b", "c")
    pictures = make.store.pictures
    pictures.save_sides(dict.fromkeys([a, b, c], Side.TRAIN))
    assert pictures.set_excluded([a, b, "unknown"], True) == 2
    assert pictures.set_excluded([b, c], True) == 1
    assert pictures.set_excluded([a], False) == 1
    assert [row.excluded for row in pictures.contents()] == [False, True, True]
    summary = pictures.summary()
    assert (summary.excluded, summary.sides, summary.unique) == (2, {"train": 1}, 3)


def test_near_duplicates_are_those_of_the_last_scan(make):
    assert make.store.pictures.summary().near_duplicates == 0
    make.store.pictures.save_near_duplicates(7)
    make.store.pictures.save_near_duplicates(3)
    assert make.store.pictures.summary().near_duplicates == 3


def test_prepared_files_belong_to_their_settings(make):
    a, b = make.pictures("a", "b")
    pictures = make.store.pictures
    good = PreparedFile(a, "aa/a.jpg", "f" * 64, "jpeg", 320, 240, 999, None, "", "lower quality")
    bad = PreparedFile(b, "", "", "", 0, 0, 0, Flag.TOO_THIN, "Too thin.", "")
    pictures.save_prepared("k1", [good, bad])
    assert pictures.prepared("k1") == {a: good, b: bad}
    assert pictures.prepared("k2") == {}
    again = PreparedFile(a, "aa/a.webp", "e" * 64, "webp", 320, 240, 900, None, "", "")
    pictures.save_prepared("k1", [again])
    assert pictures.prepared("k1")[a] == again


PATHS = st.sampled_from(["a", "b/a", "c", "ü"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("see"), PATHS, st.sampled_from(["x", "y", "z"]), st.booleans()),
        st.tuples(st.just("forget"), PATHS, st.none(), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_copies_and_paths_always_follow_from_the_files(make, steps):
    pictures = make.store.pictures
    pictures.forget_files(list(pictures.known_files()))
    files: dict[str, tuple[str, bool]] = {}
    for what, path, content, usable in steps:
        if what == "forget":
            pictures.forget_files([path])
            files.pop(path, None)
        else:
            flag = None if usable else Flag.BOMB
            pictures.save_inspections([make.inspection(path, content, flag=flag)])
            files[path] = (content, usable)
    expected: dict[str, list[str]] = {}
    for path in sorted(files):
        if files[path][1]:
            expected.setdefault(make.content(files[path][0]), []).append(path)
    found = {row.content: (row.path, row.copies) for row in pictures.contents()}
    assert found == {content: (paths[0], len(paths)) for content, paths in expected.items()}
    summary = pictures.summary()
    assert summary.pictures == len(files)
    assert summary.duplicates == sum(len(paths) - 1 for paths in expected.values())
