"""Records as they are written."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import StorageFull
from stillroom.labeling.values import Prompt
from stillroom.records.building import record_line, write_records

URI = "s3://my-ft-bucket/run-01/images/0001.jpg"
OWNER = "111122223333"


def test_a_record_is_the_single_image_example_of_the_guide() -> None:
    line = record_line(Prompt("You are an expert.", "List keywords."), "여자, beach", URI, "jpeg", OWNER)
    assert line.decode() == (
        '{"schemaVersion":"bedrock-conversation-2024","system":[{"text":"You are an expert."}],'
        '"messages":[{"role":"user","content":[{"text":"List keywords."},{"image":{"format":"jpeg","source":'
        '{"s3Location":{"uri":"s3://my-ft-bucket/run-01/images/0001.jpg","bucketOwner":"111122223333"}}}}]},'
        '{"role":"assistant","content":[{"text":"여자, beach"}]}]}\n'
    )


def test_without_a_system_prompt_there_is_no_system() -> None:
    record = json.loads(record_line(Prompt("", "List keywords."), "sea", URI, "png", OWNER))
    assert "system" not in record


@given(st.text(), st.text(), st.text())
def test_any_text_is_kept(system: str, user: str, label: str) -> None:
    line = record_line(Prompt(system, user), label, URI, "jpeg", OWNER)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    record = json.loads(line)
    assert [item["text"] for item in record.get("system", [{"text": ""}])] == [system]
    assert record["messages"][0]["content"][0]["text"] == user
    assert record["messages"][1]["content"] == [{"text": label}]


def test_half_a_character_does_not_spoil_the_file() -> None:
    line = record_line(Prompt("", "List."), "sea \ud800", URI, "jpeg", OWNER)
    assert json.loads(line)["messages"][1]["content"][0]["text"] == "sea ?"


@pytest.mark.parametrize(
    ("uri", "format", "owner"),
    [
        ("https://example.com/1.jpg", "jpeg", OWNER),
        ("s3://my-bucket/with space.jpg", "jpeg", OWNER),
        ("s3://my-bucket", "jpeg", OWNER),
        (URI, "jpg", OWNER),
        (URI, "jpeg", "1111"),
        (URI, "jpeg", ""),
    ],
)
def test_what_the_service_refuses_is_not_built(uri: str, format: str, owner: str) -> None:
    with pytest.raises(ValueError, match="not "):
        record_line(Prompt("", "List."), "sea", uri, format, owner)


def test_the_file_is_what_its_facts_say(tmp_path: Path) -> None:
    path = tmp_path / "records" / "300.jsonl"
    lines = [record_line(Prompt("", "List."), f"sea {n}" * 100, URI, "jpeg", OWNER) for n in range(3000)]
    facts = write_records(path, lines)
    data = path.read_bytes()
    assert data == b"".join(lines)
    assert (facts.records, facts.bytes) == (3000, len(data))
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert [found.name for found in path.parent.iterdir()] == ["300.jsonl"]


def test_no_records_make_an_empty_file(tmp_path: Path) -> None:
    facts = write_records(tmp_path / "empty.jsonl", [])
    assert (facts.records, facts.bytes) == (0, 0)
    assert (tmp_path / "empty.jsonl").read_bytes() == b""


def test_a_build_that_breaks_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "300.jsonl"
    path.write_bytes(b"old\n")

    def lines() -> Iterator[bytes]:
        yield b"new\n"
        raise RuntimeError("stopped half-way")

    with pytest.raises(RuntimeError):
        write_records(path, lines())
    assert path.read_bytes() == b"old\n"
    assert [found.name for found in tmp_path.iterdir()] == ["300.jsonl"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "records").write_bytes(b"a file stands where the folder should")
    with pytest.raises(StorageFull) as caught:
        write_records(tmp_path / "records" / "300.jsonl", [b"{}\n"])
    assert "cannot be written" in caught.value.what
    assert caught.value.todo


def test_a_disk_that_fills_up_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    def lines() -> Iterator[bytes]:
        yield b"{}\n"
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageFull) as caught:
        write_records(tmp_path / "300.jsonl", lines())
    assert "No space left on device" in caught.value.what
    assert [found.name for found in tmp_path.iterdir()] == []
