"""Every rule of the training data has a line here that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stillroom.sandbox import media as objects
from stillroom.sandbox import rules
from stillroom.sandbox.media import PictureSize
from stillroom.sandbox.rules import BadRecord, Media

LITE = "amazon.nova-lite-v1:0:300k"
MICRO = "amazon.nova-micro-v1:0:128k"
TWO_LITE = "amazon.nova-2-lite-v1:0:256k"
Record = dict[str, Any]


def media(kind: str = "image", format: str = "jpeg", uri: str = "s3://bucket/run/a.jpg") -> Record:
    return {kind: {"format": format, "source": {"s3Location": {"uri": uri, "bucketOwner": "111122223333"}}}}


def record() -> Record:
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": "You know keywords."}],
        "messages": [
            {"role": "user", "content": [{"text": "List keywords."}, media()]},
            {"role": "assistant", "content": [{"text": "sea, sky"}]},
        ],
    }


def line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def refused(data: bytes, model: str = LITE, **more: str) -> BadRecord:
    with pytest.raises(BadRecord) as caught:
        rules.check_words(rules.check_line(data, 3, model, file="train.jsonl", **more), 3)
    return caught.value


def test_a_good_record_is_read() -> None:
    parsed = rules.check_line(line(record()), 1, LITE, bucket="bucket")
    assert (parsed.system, parsed.prompt, parsed.label) == (
        "You know keywords.",
        "List keywords.",
        "sea, sky",
    )
    (picture,) = parsed.media
    assert (picture.kind, picture.format, picture.bucket, picture.key) == (
        "image",
        "jpeg",
        "bucket",
        "run/a.jpg",
    )
    assert picture.bucket_owner == "111122223333"
    assert parsed.text_tokens == 12


def test_text_only_and_many_turns_are_read() -> None:
    value = record()
    del value["system"], value["schemaVersion"]
    value["messages"] = [
        {"role": role, "content": [{"text": text}]}
        for role, text in (("user", "one"), ("assistant", "two"), ("user", "three"), ("assistant", "four"))
    ]
    parsed = rules.check_line(line(value), 1, MICRO)
    assert (parsed.prompt, parsed.label, parsed.media) == ("one\nthree", "four", ())


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"\xef\xbb\xbf" + line(record()), "bom"),
        (b"  \n", "blank"),
        (b"", "blank"),
        (b'{"messages": "\xff"}\n', "utf-8"),
        (b'{"messages": [', "json"),
        (b"[1, 2]\n", "json"),
        (b'{"a": NaN}\n', "json"),
        (b"[" * 100_000, "json"),
    ],
)
def test_lines_that_are_no_json_objects(data: bytes, rule: str) -> None:
    bad = refused(data)
    assert bad.rule == rule
    assert bad.stage == "validation"
    assert bad.message.startswith(
        "Unable to parse Amazon S3 file: train.jsonl. Data files must conform to JSONL format."
    )
    assert "Line 3" in bad.message


def put(path: str, value: object) -> Callable[[Record], None]:
    """Replace the member at a dotted path."""

    def change(target: Any) -> None:
        *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
        for part in parents:
            target = target[part]
        target[last] = value

    return change


USER = "messages.0.content"
IMAGE = f"{USER}.1.image"
LOCATION = f"{IMAGE}.source.s3Location"
BREAKING: list[tuple[str, Callable[[Record], None]]] = [
    ("schema", put("schemaVersion", 2024)),
    ("system", put("system", "text")),
    ("system", put("system", [{"image": {}}])),
    ("messages", put("messages", "text")),
    ("messages", put("messages", [{"role": "user", "content": [{"text": "a"}]}])),
    ("messages", put("messages.1", "text")),
    ("roles", put("messages.0.role", "User")),
    ("roles", put("messages.1.role", "user")),
    ("roles", lambda value: value["messages"].append({"role": "user", "content": [{"text": "and?"}]})),
    ("content", put(USER, [])),
    ("content", put(USER, "text")),
    ("content", put(f"{USER}.0", "text")),
    ("content", put(f"{USER}.0.text", 5)),
    ("content", put(f"{USER}.0", {"toolUse": {}})),
    ("empty", put("messages.1.content", [{"text": ""}])),
    ("media-role", put("messages.1.content", [{"text": "sea"}, media()])),
    ("format", put(f"{IMAGE}.format", "jpg")),
    ("format", put(f"{IMAGE}.format", 7)),
    ("format", put(IMAGE, "a.jpg")),
    ("format", put(f"{USER}.1", media("document", "pdf", "s3://bucket/a.pdf"))),
    ("source", put(f"{IMAGE}.source", {"bytes": "aGVsbG8="})),
    ("source", put(f"{LOCATION}.uri", 7)),
    ("uri", put(f"{LOCATION}.uri", "https://bucket/a.jpg")),
    ("uri", put(f"{LOCATION}.uri", "s3://bucket")),
    ("key", put(f"{LOCATION}.uri", "s3://bucket/a b.jpg")),
    ("key", put(f"{LOCATION}.uri", "s3://bucket/바다.jpg")),
    ("key", put(f"{LOCATION}.uri", "s3://bucket/a.jpg\n")),
    ("bucket", put(f"{LOCATION}.uri", "s3://another/a.jpg")),
    ("owner", put(f"{LOCATION}.bucketOwner", "me")),
    ("pictures", put(USER, [media()] * 11)),
    ("pictures", put(USER, [media("video", "mp4")] * 2)),
    ("media-mix", put(USER, [media(), media("video", "mp4")])),
]


@pytest.mark.parametrize(("rule", "breaks"), BREAKING)
def test_records_that_break_a_rule(rule: str, breaks: Callable[[Record], None]) -> None:
    value = record()
    breaks(value)
    bad = refused(line(value), bucket="bucket")
    assert bad.rule == rule
    assert bad.stage == "validation"


def test_ten_pictures_over_several_turns_are_the_most() -> None:
    def with_pictures(first: int, second: int) -> bytes:
        value = record()
        value["messages"] = [
            {"role": "user", "content": [media()] * first},
            {"role": "assistant", "content": [{"text": "sea"}]},
            {"role": "user", "content": [media()] * second},
            {"role": "assistant", "content": [{"text": "sky"}]},
        ]
        return line(value)

    assert len(rules.check_line(with_pictures(6, 4), 1, LITE).media) == 10
    assert refused(with_pictures(6, 5)).rule == "pictures"


@pytest.mark.parametrize("word", [*rules.RESERVED, "user:", "ASSISTANT:", "<IMAGE>", "[eos]"])
@pytest.mark.parametrize("path", ["system.0.text", f"{USER}.0.text", "messages.1.content.0.text"])
def test_reserved_words_fail_late(word: str, path: str) -> None:
    value = record()
    put(path, f"sea, {word} sky")(value)
    bad = refused(line(value))
    assert (bad.rule, bad.stage) == ("reserved", "dataProcessing")
    assert word in bad.message


def test_model_differences() -> None:
    assert refused(line(record()), MICRO).rule == "media-micro"
    webp = record()
    put(f"{IMAGE}.format", "webp")(webp)
    assert rules.check_line(line(webp), 1, LITE).media[0].format == "webp"
    assert refused(line(webp), TWO_LITE).rule == "format"
    document = record()
    put(f"{USER}.1", media("document", "pdf", "s3://bucket/a.pdf"))(document)
    assert rules.check_line(line(document), 1, TWO_LITE).media[0].kind == "document"
    reasoning = record()
    put("messages.1.content", [{"reasoningContent": {}}, {"text": "sea"}])(reasoning)
    assert rules.check_line(line(reasoning), 1, TWO_LITE).label == "sea"


def test_a_format_in_upper_case_is_taken() -> None:
    value = record()
    put(f"{IMAGE}.format", "JPEG")(value)
    assert rules.check_line(line(value), 1, LITE).media[0].format == "jpeg"


def test_too_long_records() -> None:
    value = record()
    put("messages.1.content.0.text", "sea, " * 16_001)(value)
    bad = refused(line(value))
    assert bad.rule == "tokens"
    assert bad.message.startswith('Input size exceeded in file train.jsonl for record starting with {"schema')
    parsed = rules.check_line(line(record()), 1, LITE)
    assert objects.record_tokens(parsed, [PictureSize("jpeg", 900, 900)], LITE) == parsed.text_tokens + 1300
    with pytest.raises(BadRecord, match=r"Maximum input token count \d+ exceeds limit of 32000") as caught:
        objects.record_tokens(parsed, [PictureSize("jpeg", 1800, 1800)] * 9, LITE)
    assert caught.value.stage == "dataProcessing"


@pytest.mark.parametrize(
    ("count", "validation", "model", "kinds", "rule"),
    [
        (7, 0, LITE, (), "count"),
        (20_001, 0, LITE, (), "count"),
        (19_000, 1_001, LITE, (), "count"),
        (300, 10, TWO_LITE, (), "validation-set"),
        (300, 0, LITE, ("image", "video", "image"), "media-mix"),
    ],
)
def test_datasets_that_break_a_rule(
    count: int, validation: int, model: str, kinds: tuple[str, ...], rule: str
) -> None:
    with pytest.raises(BadRecord) as caught:
        rules.check_dataset(count, validation, model, kinds=kinds)
    assert caught.value.rule == rule


@pytest.mark.parametrize(("count", "validation"), [(8, 0), (20_000, 0), (18_000, 2_000)])
def test_datasets_at_the_edge_are_taken(count: int, validation: int) -> None:
    rules.check_dataset(count, validation, LITE, kinds=("image", "image"))


def encoded(width: int, height: int, format: str = "JPEG") -> bytes:
    target = BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, format)
    return target.getvalue()


def pointed(format: str) -> Media:
    return Media("image", format, "s3://bucket/a.jpg", "bucket", "a.jpg", "")


@pytest.mark.parametrize(
    ("data", "declared", "rule"),
    [
        (b"", "jpeg", "picture-unreadable"),
        (b"<html>", "jpeg", "picture-unreadable"),
        (encoded(40, 40, "PNG"), "jpeg", "picture-format"),
        (encoded(40, 40, "BMP"), "png", "picture-unreadable"),
        (encoded(8001, 30), "jpeg", "picture-pixels"),
        (encoded(400, 24), "jpeg", "picture-pixels"),
        (encoded(40, 40) + bytes(10 * 1024 * 1024), "jpeg", "picture-bytes"),
    ],
)
def test_pictures_that_break_a_rule(data: bytes, declared: str, rule: str) -> None:
    with pytest.raises(BadRecord) as caught:
        objects.check_picture(pointed(declared), data)
    assert (caught.value.rule, caught.value.stage) == (rule, "dataProcessing")
    assert "s3://bucket/a.jpg" in caught.value.message


@pytest.mark.parametrize("format", ["jpeg", "png", "gif", "webp"])
def test_good_pictures_are_measured(format: str) -> None:
    found = objects.check_picture(pointed(format), encoded(60, 40, format))
    assert found == PictureSize(format, 60, 40)


@pytest.mark.parametrize(
    ("uri", "rule"),
    [("train.jsonl", "uri"), ("s3://bucket/a b.jsonl", "key"), ("s3://bucket/train.json", "file-name")],
)
def test_data_files_with_bad_names(uri: str, rule: str) -> None:
    with pytest.raises(BadRecord) as caught:
        rules.check_file(uri)
    assert caught.value.rule == rule


def test_data_file_with_a_good_name() -> None:
    assert rules.check_file("s3://bucket/run-01/train.jsonl") == ("bucket", "run-01/train.jsonl")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "messages",
                    "role",
                    "content",
                    "text",
                    "image",
                    "source",
                    "format",
                    "s3Location",
                    "uri",
                    "system",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.binary(max_size=60) | JSON.map(line))
def test_any_line_is_taken_or_refused_but_never_breaks(data: bytes) -> None:
    try:
        parsed = rules.check_line(data, 1, LITE)
    except BadRecord as bad:
        assert bad.message
        assert bad.rule
    else:
        assert parsed.turns[-1].role == "assistant"


@given(JSON, st.sampled_from(["messages", "system", USER, IMAGE, LOCATION, "messages.1"]))
def test_any_member_may_be_wrong(value: object, path: str) -> None:
    changed = record()
    put(path, value)(changed)
    try:
        rules.check_line(line(changed), 1, LITE)
    except BadRecord as bad:
        assert "line 1" in bad.message
