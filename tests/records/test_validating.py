"""A pass over a file: what it finds, says, counts and leaves out."""

# ruff: noqa: E501  (a table reads best with one case a line)

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records.making import (
    Record,
    answer,
    conversation,
    good_records,
    image,
    location,
    media,
    picture,
    to_lines,
    user,
)

from stillroom.errors import UsageError
from stillroom.labeling.values import Prompt
from stillroom.records import RULES, PictureFact, TargetModel, Weight
from stillroom.records.building import record_line, write_records
from stillroom.records.dataset import (
    BAD_URIS,
    UNKNOWN_BUCKET,
    UNKNOWN_LENGTH,
    UNKNOWN_PICTURES,
    UNKNOWN_PIXELS,
    UNREAD_OTHER,
)
from stillroom.records.digests import FirstLines, digest_of
from stillroom.records.rules import Finding
from stillroom.records.validating import validate

BUCKET = "my-bucket"


def findings(folder: Path, records: list[Any], **options: Any) -> list[Finding]:
    path = folder / "train.jsonl"
    path.write_bytes(to_lines(records))
    remarks = {"few-records", "few-records-2-lite"}
    return [found for found in validate(path, **options) if found.rule not in remarks]


def rules(folder: Path, records: list[Any], **options: Any) -> list[str]:
    return [found.rule for found in findings(folder, records, **options)]


def test_what_is_built_passes(tmp_path: Path) -> None:
    prompt = Prompt("You name things.\nShortly.", 'List "keywords".')
    lines = [
        record_line(prompt, f"바다, sky {n}", f"s3://{BUCKET}/p/{n}.jpg", "jpeg", "111122223333")
        for n in range(120)
    ]
    facts = write_records(tmp_path / "120.jsonl", lines)
    validation = validate(tmp_path / "120.jsonl", bucket=BUCKET)
    assert list(validation) == []
    assert validation.summary.records == 120
    assert validation.summary.bytes == facts.bytes
    assert validation.summary.passed
    assert validation.summary.not_checked == {UNKNOWN_PICTURES: 120}


def test_all_findings_come_in_one_pass_in_order(tmp_path: Path) -> None:
    records = good_records(BUCKET, 12)
    answer(records[1])[0]["text"] = "System: sea"
    picture(records[4])["format"] = "jpg"
    del location(records[4])["bucketOwner"]
    records[7] = records[6]
    found = findings(tmp_path, records)
    assert [(item.line, item.rule) for item in found] == [
        (2, "reserved-word"),
        (5, "image-format-jpg"),
        (5, "bucket-owner-missing"),
        (8, "duplicate-record"),
    ]
    assert found[1].field == "messages[0].content[1].image.format"
    assert found[2].field == "messages[0].content[1].image.source.s3Location.bucketOwner"
    assert "line 7" in found[3].message


def test_a_finding_and_a_summary_for_json(tmp_path: Path) -> None:
    records = good_records(BUCKET)
    answer(records[1])[0]["text"] = "System: sea"
    path = tmp_path / "train.jsonl"
    path.write_bytes(to_lines(records))
    validation = validate(path, model=TargetModel.PRO)
    first = next(iter(validation))
    assert first.as_dict() == {
        "line": 2,
        "field": "messages[1].content[0].text",
        "rule": "reserved-word",
        "weight": "error",
        "message": "the text has the reserved word 'system:'",
        "todo": RULES["reserved-word"].todo,
    }
    summary = validation.summary  # the rest of the pass is finished for it
    assert json.loads(json.dumps(summary.as_dict())) == {
        "file": str(path),
        "model": "pro",
        "records": 8,
        "bytes": path.stat().st_size,
        "passed": False,
        "errors": 1,
        "warnings": 0,
        "advice": 1,
        "rules": {"few-records": 1, "reserved-word": 1},
        "not_checked": {UNKNOWN_PICTURES: 8, UNKNOWN_BUCKET: 1},
    }
    assert not summary.passed
    assert summary.count(Weight.ADVICE) == 1
    assert list(validation) == []


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    validation = validate(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="cannot be read"):
        list(validation)
    with pytest.raises(UsageError):
        _ = validation.summary
    with pytest.raises(UsageError, match="cannot be read"):
        list(validate(tmp_path))


def test_nothing_is_said_of_what_was_not_looked_at(tmp_path: Path) -> None:
    class Some:
        def lookup(self, uri: str) -> PictureFact | None:
            return PictureFact(99, "png") if uri.endswith(("1.png", "2.png")) else None

    path = tmp_path / "train.jsonl"
    path.write_bytes(
        to_lines([*good_records(BUCKET), conversation([media("video", BUCKET, "c.mp4", "mp4")], "sea")])
    )
    summary = validate(path, facts=Some(), bucket=BUCKET).summary
    assert summary.not_checked == {UNKNOWN_PICTURES: 7, UNKNOWN_PIXELS: 2, UNKNOWN_LENGTH: 1}


def test_copies_are_found_by_content_where_it_is_known(tmp_path: Path) -> None:
    class Copies:
        def lookup(self, uri: str) -> PictureFact:
            return PictureFact(99, "png", 40, 40, content="same" if uri.endswith(("3.png", "5.png")) else uri)

    found = findings(tmp_path, good_records(BUCKET), facts=Copies(), bucket=BUCKET)
    assert [(item.line, item.rule) for item in found] == [(6, "duplicate-picture")]


def test_a_picture_twice_in_one_record_is_no_copy(tmp_path: Path) -> None:
    records = good_records(BUCKET)
    user(records[2]).append(image(BUCKET, "pictures/2.png"))
    assert rules(tmp_path, records) == []


def test_media_agree_among_themselves_when_no_bucket_is_known(tmp_path: Path) -> None:
    records = good_records(BUCKET)
    location(records[5])["uri"] = "s3://elsewhere/5.png"
    found = findings(tmp_path, records)
    assert [(item.line, item.rule) for item in found] == [(6, "other-bucket")]
    assert "line 1" in found[0].message
    assert len(rules(tmp_path, records, bucket="third-bucket")) == 8


@pytest.mark.parametrize("uri", ["s3://My_Bucket/0.png", "s3://other-bucket", "s3://other-bucket/a b.png"])
def test_a_uri_that_is_no_good_one_does_not_say_which_bucket_the_others_should_have(
    tmp_path: Path, uri: str
) -> None:
    records = good_records(BUCKET)
    location(records[0])["uri"] = uri
    found = findings(tmp_path, records)
    assert [item.line for item in found] == [1]
    location(records[5])["uri"] = "s3://elsewhere/5.png"
    blamed = [item for item in findings(tmp_path, records) if item.rule == "other-bucket"]
    assert [(item.line, "line 2" in item.message) for item in blamed] == [(6, True)]


@pytest.mark.parametrize(
    ("uri", "rule"),
    [
        ("https://my-bucket/a.png", "uri-scheme"),
        ("", "uri-scheme"),
        ("s3://My_Bucket/a.png", "uri-shape"),
        ("s3://my-bucket", "uri-shape"),
        ("s3://my..bucket/a.png", "uri-shape"),
        ("s3://192.168.5.4/a.png", "uri-shape"),
        (f"s3://{BUCKET}/{'a/' * 600}a.png", "uri-shape"),
        (f"s3://{BUCKET}/a b.png", "uri-characters"),
        (f"s3://{BUCKET}/하늘.png", "uri-characters"),
    ],
)
def test_nobody_is_asked_for_what_lies_behind_a_uri_that_is_no_good_one(
    tmp_path: Path, uri: str, rule: str
) -> None:
    class Asked:
        def __init__(self) -> None:
            self.uris: set[str] = set()

        def lookup(self, uri: str) -> PictureFact:
            self.uris.add(uri)
            return PictureFact(99, "png", 40, 40)

    records = good_records(BUCKET)
    location(records[4])["uri"] = uri
    path, other = tmp_path / "train.jsonl", tmp_path / "test.jsonl"
    path.write_bytes(to_lines(records))
    other.write_bytes(to_lines(records[4:5]))
    facts = Asked()
    summary = validate(path, facts=facts, other=other, bucket=BUCKET, folder="pictures").summary
    assert rule in summary.by_rule
    assert summary.by_rule["leak-file"] == 1, "the URI alone tells that it is in both"
    assert summary.not_checked == {BAD_URIS: 1}
    assert facts.uris == {location(record)["uri"] for record in records} - {uri}


def test_a_uri_is_told_whole_because_its_end_tells_which_it_is(tmp_path: Path) -> None:
    class Gone:
        def lookup(self, uri: str) -> PictureFact:
            return PictureFact(0, "", exists=False)

    records = good_records(BUCKET)
    uris = [f"s3://{BUCKET}/stillroom/pictures/{'0' * 60}{number}.png" for number in range(len(records))]
    for record, uri in zip(records, uris, strict=True):
        location(record)["uri"] = uri
    found = [item for item in findings(tmp_path, records, facts=Gone()) if item.rule == "picture-missing"]
    assert [item.message for item in found] == [f"'{uri}' is not there" for uri in uris]
    assert "stillroom upload" in found[0].todo


def test_other_long_values_keep_both_ends(tmp_path: Path) -> None:
    records = good_records(BUCKET)
    records[1]["messages"][1]["role"] = "from here " + "x" * 500 + " to there"
    (found,) = (item for item in findings(tmp_path, records) if item.rule == "role-unknown")
    assert found.message.startswith("the role is 'from here ")
    assert found.message.endswith(" to there'")
    assert len(found.message) < 100


def test_questions_leak_too(tmp_path: Path) -> None:
    other = tmp_path / "test.jsonl"
    texts = [conversation([{"text": f"Question {n}"}], f"answer {n}") for n in range(12)]
    # What cannot be read there does not matter here
    other.write_bytes(b"\xff\n[]\n{}\n" + b"[" * 100_000 + b"\n" + to_lines(texts[10:]))
    found = findings(tmp_path, texts, other=other)
    assert [(item.line, item.rule) for item in found] == [(11, "leak-file"), (12, "leak-file")]
    assert "line 5" in found[0].message


def test_what_cannot_be_read_of_the_other_file_is_not_passed_in_silence(tmp_path: Path) -> None:
    path, other = tmp_path / "train.jsonl", tmp_path / "test.jsonl"
    path.write_bytes(to_lines(good_records(BUCKET)))
    other.write_bytes(to_lines(good_records(BUCKET)).replace(b"{", b"\xff{"))
    summary = validate(path, other=other, bucket=BUCKET).summary
    assert "leak-file" not in summary.by_rule
    assert summary.not_checked[UNREAD_OTHER] == 8
    other.write_bytes(to_lines(good_records(BUCKET, 2)) + b"[]\n{}\n\n" + b'{"messages": NaN}\n')
    summary = validate(path, other=other, bucket=BUCKET).summary
    assert summary.by_rule["leak-file"] == 2
    assert summary.not_checked[UNREAD_OTHER] == 3


def test_a_validation_file_has_no_lower_bound(tmp_path: Path) -> None:
    assert rules(tmp_path, good_records(BUCKET, 1), validation=True) == []
    assert rules(tmp_path, good_records(BUCKET, 1)) == ["too-few-records"]


def test_an_empty_file_has_too_few_records(tmp_path: Path) -> None:
    found = findings(tmp_path, [])
    assert [(item.line, item.rule, item.message) for item in found] == [
        (None, "too-few-records", "there are 0 records, at least 8 are needed")
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"{'a': 1}",
        b"{}{}",
        b"\xef\xbb\xbf{}",
        b'{"a": NaN}',
        b'{"a": [Infinity]}',
        b'{"a": {"b": -Infinity}}',
        b"NaN",
        b"\x0c{}",
        b"{}\x0b",
        b"\x0b\x0c",
        "\u2028{}".encode(),
    ],
)
def test_what_json_cannot_read_is_said(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(to_lines(good_records(BUCKET)) + line)
    found = list(validate(path, validation=True))
    assert [(item.line, item.rule) for item in found] == [(9, "not-json")]


@pytest.mark.parametrize(("before", "behind"), [(b"\x0c", b""), (b"", b"\x0b"), (b"\x0b", b"\x0c")])
def test_a_page_break_beside_a_record_is_no_white_space_of_json(
    tmp_path: Path, before: bytes, behind: bytes
) -> None:
    path = tmp_path / "train.jsonl"
    lines = to_lines(good_records(BUCKET)).splitlines()
    path.write_bytes(b"\n".join([*lines[:7], before + lines[7] + behind]))
    assert [(item.line, item.rule) for item in validate(path, validation=True)] == [(8, "not-json")]
    path.write_bytes(b"\r\n".join([*lines[:7], b" \t" + lines[7] + b"\t \r"]))
    assert list(validate(path, validation=True)) == []


def test_a_number_that_json_has_no_word_for_is_said_by_name(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(to_lines(good_records(BUCKET)) + b'{"a": -Infinity}')
    (found,) = validate(path, validation=True)
    assert found.message == "it is no JSON: -Infinity is no number of JSON"


def test_a_line_of_any_length_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    good = to_lines(good_records(BUCKET))
    path.write_bytes(good + b'{"a": "' + b"x" * (40 << 20) + b'"}\n' + b"{}\n")
    found = list(validate(path, validation=True))
    assert [(item.line, item.rule) for item in found] == [(9, "line-too-long"), (10, "no-messages")]


def test_windows_line_ends_and_a_missing_last_one_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(to_lines(good_records(BUCKET, 120)).replace(b"\n", b"\r\n").rstrip())
    assert list(validate(path)) == []


def test_big_pictures_count_for_the_token_limit(tmp_path: Path) -> None:
    class Big:
        def lookup(self, uri: str) -> PictureFact:
            return PictureFact(99, "png", 5000, 5200)

    assert set(rules(tmp_path, good_records(BUCKET), facts=Big())) == {"record-tokens"}
    assert rules(tmp_path, good_records(BUCKET), facts=Big(), model=TargetModel.LITE_2) == []


def test_what_comes_from_the_file_cannot_steer(tmp_path: Path) -> None:
    records = good_records(BUCKET)
    picture(records[0])["format"] = "\x1b[2Jbmp"
    records[1]["\x1b]0;x"] = 1
    location(records[2])["uri"] = "s3://my-bucket/\x07" + "x" * 50_000
    records[3]["messages"][1]["role"] = ["\x1b"]
    for item in findings(tmp_path, records):
        assert "\x1b" not in item.field + item.message
        assert "\x07" not in item.field + item.message
        assert len(item.message) < 1300


def spoilt(path: list[str | int], value: Any) -> Record:
    record = conversation([image(BUCKET, "a.png")], "sea")
    target: Any = record
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return record


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (spoilt(["schemaVersion"], None), ["schema-version-missing"]),
        (spoilt(["system"], None), []),
        (spoilt(["system"], ["text"]), ["system-shape"]),
        (spoilt(["system"], [{"text": 1}]), ["system-shape"]),
        (spoilt(["system"], [{"text": "a", "image": {}}]), ["system-shape"]),
        (spoilt(["system"], [{"text": "a", "kind": 1}]), ["unknown-key"]),
        (spoilt(["messages", 0], "user"), ["role-unknown", "no-messages"]),
        (spoilt(["messages", 0, "role"], None), ["role-unknown"]),
        (spoilt(["messages", 0, "role"], "ASSISTANT"), ["role-case", "role-order", "assistant-media"]),
        (spoilt(["messages", 0, "name"], "me"), ["unknown-key"]),
        (spoilt(["messages", 1, "content", 0], "sea"), ["content-shape"]),
        (spoilt(["messages", 1, "content", 0], {}), ["block-unknown"]),
        (spoilt(["messages", 1, "content", 0, "text"], 7), ["content-shape"]),
        (spoilt(["messages", 1, "content", 0, "text"], None), ["block-unknown"]),
        (spoilt(["messages", 1], {"role": "assistant", "candidates": []}), ["other-recipe"]),
        (spoilt(["tools"], []), ["other-recipe"]),
        ({"text": "plain"}, ["other-recipe"]),
        ({}, ["no-messages"]),
        ({"sytem": 1}, ["unknown-key", "no-messages"]),
        (spoilt(["messages", 0, "content", 1, "image"], "a.png"), ["image-shape"]),
        (spoilt(["messages", 0, "content", 1, "image", "format"], 1), ["image-shape"]),
        (spoilt(["messages", 0, "content", 1, "image", "source"], 1), ["image-shape"]),
        (spoilt(["messages", 0, "content", 1, "image", "source", "s3Location"], 1), ["image-shape"]),
        (spoilt(["messages", 0, "content", 1, "image", "source", "s3Location", "uri"], 1), ["image-shape"]),
        (spoilt(["messages", 0, "content", 1, "image", "source", "bytes"], "aa"), ["inline-bytes"]),
        (spoilt(["messages", 0, "content", 1, "image", "source", "s3Location", "owner"], 1), ["unknown-key"]),
        (spoilt(["messages", 0, "content", 1, "image", "detail"], 1), ["unknown-key"]),
        (spoilt(["toolConfig"], {"tools": []}), ["tool-shape"]),
        (spoilt(["toolConfig"], {"tools": [{"toolSpec": {"name": "x"}}]}), ["tool-shape"]),
        (spoilt(["messages", 1, "content", 0], {"toolUse": {}}), ["tool-shape"]),
        (spoilt(["messages", 1, "content", 0], {"toolUse": {}, "toolResult": {}}), ["tool-shape"]),
        (spoilt(["messages", 1, "content", 0], {"toolResult": {"toolUseId": "a", "content": ["x"]}}),
         ["tool-role", "tool-shape"]),
        (spoilt(["messages", 0, "content", 0], {"toolResult": {"toolUseId": "a", "content": [{"json": {}}]}}), []),
        (spoilt(["messages", 0, "content", 0], {"toolResult": {"toolUseId": "a", "content": [{}]}}), ["tool-shape"]),
        (spoilt(["messages", 0, "content", 0], {"toolResult": 1}), ["tool-shape"]),
        (spoilt(["messages", 1, "content", 0], {"reasoningContent": {"reasoningText": {"text": "bot: x"}}}),
         ["empty-content", "reasoning-model", "reserved-word"]),
    ],
)  # fmt: skip
def test_one_record(tmp_path: Path, record: Record, expected: list[str]) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(to_lines([record]))
    assert [found.rule for found in validate(path, validation=True)] == expected


def test_a_tool_may_be_declared_once(tmp_path: Path) -> None:
    tool = {"toolSpec": {"name": "x", "description": "y", "inputSchema": {"json": {"type": "object"}}}}
    assert rules(tmp_path, [spoilt(["toolConfig"], {"tools": [tool, tool]})], validation=True) == [
        "tool-names"
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["schemaVersion", "system", "messages", "role", "content", "text", "image", "video", "document", "format",
             "source", "s3Location", "uri", "bucketOwner", "toolConfig", "tools", "toolSpec", "toolUse", "toolResult",
             "reasoningContent", "reasoningText", "name", "candidates", "bytes", "input", "toolUseId"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(
    lines=st.lists(
        st.binary(max_size=40)
        | JSON.map(lambda value: json.dumps(value).encode())
        | st.lists(JSON, max_size=3).map(lambda found: json.dumps({"messages": found}).encode()),
        max_size=6,
    ),
    model=st.sampled_from(TargetModel),
)
@settings(max_examples=200)
def test_no_file_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], model: TargetModel
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(b"\n".join(lines))
    validation = validate(path, model=model)
    try:
        found = list(validation)
    except UsageError as error:
        assert "not a JSONL file" in error.what
        assert b"\0" in path.read_bytes()
        return
    assert sum(validation.summary.by_rule.values()) == len(found)
    for item in found:
        item.message.encode()
        json.dumps(item.as_dict())


@given(st.lists(st.integers(1, 5000), max_size=6000))
def test_the_first_line_is_remembered(numbers: list[int]) -> None:
    table = FirstLines()
    first: dict[int, int] = {}
    for line, number in enumerate(numbers, 1):
        digest = digest_of(str(number).encode())
        assert table.add(digest, line) == first.get(number, 0)
        first.setdefault(number, line)
    assert table.line_of(digest_of(b"none")) == 0
    for number, line in first.items():
        assert table.line_of(digest_of(str(number).encode())) == line


def test_many_lines_are_remembered() -> None:
    table = FirstLines()
    for line in range(1, 20_001):
        assert table.add(digest_of(line.to_bytes(4, "big")), line) == 0
    assert table.line_of(digest_of((20_000).to_bytes(4, "big"))) == 20_000
