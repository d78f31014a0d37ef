"""The quick way agrees with the long way wherever it answers."""

# ruff: noqa: E501  (a table reads best with one case a line)

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records.making import conversation, image, picture_record

from stillroom.records import TargetModel
from stillroom.records.content import Reading, read_record
from stillroom.records.templates import Templates

BUCKET = "my-bucket"


def long_way(line: str, model: TargetModel = TargetModel.LITE) -> tuple[Reading | None, list[str]]:
    found: list[str] = []
    record: Any = json.loads(line)
    return read_record(record, model, lambda rule, _field, _message: found.append(rule)), found


def taught(*lines: str) -> Templates:
    templates = Templates()
    for line in lines:
        reading, found = long_way(line)
        assert reading is not None
        assert not found
        if templates.read(line) is None:
            templates.learn(line, reading)
    return templates


def line_of(number: int) -> str:
    return json.dumps(picture_record(BUCKET, number))


TEACHERS = [
    line_of(1),
    line_of(2),
    json.dumps(conversation([], "sea, sky\n")),
    json.dumps(conversation([image(BUCKET, "a.png"), {"text": "하늘"}, image(BUCKET, "b.png")], "둘")),
    json.dumps(conversation([image(BUCKET, "a.png")], "바다"), indent=1, ensure_ascii=False),
]
# Bits that make the difference between one string and another structure
BITS = st.sampled_from(
    ['"', "\\", '\\"', "\\\\", "\\u0041", "\\ud800", "\\x", "\x1f", "\x00", "\u2028", "하", "sea, ", "User:", "<image>", " ",
     '"}', '"},{"text":"', '","uri":"', "s3://my-bucket/x.png", "/", "..", "?", "\n", "}", "[EOS]", "null", "a" * 50]
)  # fmt: skip


@given(
    base=st.sampled_from(TEACHERS),
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 12), st.lists(BITS, max_size=3).map("".join)), max_size=3
    ),
)
@settings(max_examples=400)
def test_what_is_read_quickly_is_read_alike_and_good(base: str, cuts: list[tuple[float, int, str]]) -> None:
    line = base
    for where, removed, inserted in cuts:
        at = int(where * len(line))
        line = line[:at] + inserted + line[at + removed :]
    quick = taught(*TEACHERS).read(line)
    if quick is not None:
        reading, found = long_way(line)
        assert quick == reading
        assert not found


@pytest.mark.parametrize("line", [line_of(3), line_of(4), TEACHERS[3].replace("a.png", "c.png"), TEACHERS[2]])
def test_records_like_the_known_ones_are_read_quickly(line: str) -> None:
    quick = taught(*TEACHERS).read(line)
    assert quick is not None
    assert quick == long_way(line)[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("number 3", "user: 3"),
        ("grey, square, plain, number 3", ""),
        ("grey, square, plain, number 3", "  "),
        ("3.png", "3 .png"),
        ("number 3", "number \\x"),
        ("number 3", "number \t"),
        ('"png"', '"bmp"'),
        ("number 3", 'number", "sky": "'),
    ],
)
def test_a_doubt_goes_the_long_way(old: str, new: str) -> None:
    line = line_of(3)
    assert old in line
    assert taught(*TEACHERS).read(line.replace(old, new)) is None


def test_only_so_much_is_learnt() -> None:
    templates = Templates()
    lines = [json.dumps(conversation([{"text": "more"}] * count, "sea")) for count in range(30)]
    for line in lines:
        reading, _ = long_way(line)
        assert reading is not None
        templates.learn(line, reading)
    assert sum(templates.read(line) is not None for line in lines) == 8


def test_a_record_in_another_order_is_not_learnt() -> None:
    record = picture_record(BUCKET, 1)
    system = record.pop("system")
    line = json.dumps({**record, "system": system})
    assert taught(line).read(line) is None
