"""Records that Stillroom did not make: checked without a project; exit 3 when one breaks a rule."""

from __future__ import annotations

import json
import shlex
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import Box, draw, stillroom

from stillroom.errors import Interrupted
from stillroom.pictures import Side
from stillroom.steps.plan import Watch
from stillroom.steps.validating import BucketFacts, Validate
from stillroom.steps.workspace import open_workspace
from stillroom.store import RecordsFile
from stillroom.store.opening import Store

PASSED = "Validation successful, all samples passed"


def record(number: int, label: str = "sea, sky, sand") -> dict[str, Any]:
    where = {"uri": f"s3://somebodys-bucket/pictures/{number}.jpg", "bucketOwner": "111122223333"}
    content = [{"text": "Name keywords."}, {"image": {"format": "jpeg", "source": {"s3Location": where}}}]
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": "You know pictures."}],
        "messages": [
            {"role": "user", "content": content},
            {"role": "assistant", "content": [{"text": f"{label}, number {number}"}]},
        ],
    }


def written(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def test_a_good_file_needs_no_project(tmp_path: Path) -> None:
    file = written(tmp_path / "train.jsonl", [record(number) for number in range(20)])
    said = stillroom("validate", file, "--model", "lite", at=tmp_path).ok()
    assert PASSED in said.out
    found = stillroom("validate", file, "--json", at=tmp_path).ok().json
    assert (found["passed"], found["files"][0]["records"], found["files"][0]["errors"]) == (True, 20, 0)
    assert "sandbox" not in found, "nobody's numbers"


def test_all_findings_in_one_pass_with_line_field_rule_and_what_to_do(tmp_path: Path) -> None:
    records: list[Any] = [record(number) for number in range(20)]
    records[3]["messages"][1]["role"] = "user"
    records[7]["messages"][0]["content"] = []
    del records[11]["messages"]
    file = written(tmp_path / "train.jsonl", records)
    said = stillroom("validate", file, at=tmp_path)
    assert said.code == 3
    assert PASSED not in said.out
    said = stillroom("validate", file, "--json", at=tmp_path)
    assert said.code == 3
    found = said.json["files"][0]["findings"]
    errors = [one for one in found if one["weight"] == "error"]
    assert {4, 8, 12} <= {one["line"] for one in errors}
    assert all(one["rule"] and one["message"] and one["todo"] for one in errors)


def test_several_files_and_one_bad(tmp_path: Path) -> None:
    good = written(tmp_path / "a.jsonl", [record(number) for number in range(20)])
    bad = tmp_path / "b.jsonl"
    bad.write_text("{not json\n", encoding="utf-8")
    said = stillroom("validate", good, bad, "--json", at=tmp_path)
    assert said.code == 3
    assert [one["passed"] for one in said.json["files"]] == [True, False]


def test_leakage_between_training_and_test(tmp_path: Path) -> None:
    train = written(tmp_path / "train.jsonl", [record(number) for number in range(20)])
    test = written(tmp_path / "test.jsonl", [record(number) for number in range(19, 30)])
    said = stillroom("validate", train, "--other", test, "--json", at=tmp_path)
    found = [one for one in said.json["files"][0]["findings"] if one["line"] == 20]
    assert found, "picture 19 is in both"


def test_pictures_from_a_folder(tmp_path: Path) -> None:
    for number in range(8):
        draw(tmp_path / "pictures" / f"{number}.jpg", number, form="PNG" if number == 5 else "JPEG")
    file = written(tmp_path / "train.jsonl", [record(number) for number in range(8)])
    said = stillroom("validate", file, "--pictures", tmp_path / "pictures", "--json", at=tmp_path)
    assert said.code == 3
    errors = [one for one in said.json["files"][0]["findings"] if one["weight"] == "error"]
    assert {one["line"] for one in errors} == {6}, "a PNG that is declared a JPEG"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    stillroom("validate", tmp_path / "none.jsonl", at=tmp_path).refused(2, "none.jsonl")
    stillroom("validate", tmp_path, at=tmp_path).refused(2, str(tmp_path.name))
    stillroom("validate", at=tmp_path).refused(2, "stillroom.toml")


def test_a_validation_file_that_is_not_there_breaks_no_check_of_others(tmp_path: Path) -> None:
    good = written(tmp_path / "train.jsonl", [record(number) for number in range(8)])
    missing = tmp_path / "validation.jsonl"
    stillroom("validate", good, missing, at=tmp_path).refused(2, "validation.jsonl cannot be read")


def checking_side(store: Store) -> None:
    """Give a project labeled pictures to check with: those that its training sizes have no room for."""
    rows = [row.content for row in store.pictures.contents((Side.TRAIN,)) if (row.order or 0) >= 20]
    store.pictures.forget_sides(rows)
    store.pictures.save_sides(dict.fromkeys(rows, Side.VALIDATION))


def test_a_job_gets_one_training_file_beside_the_validation_file(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (distilled / "records" / "10.jsonl").read_bytes().splitlines(keepends=True)[:3]
    made = b"".join(lines)
    (distilled / "records" / "validation.jsonl").write_bytes(made)
    with closing(Store.open(distilled)) as store:
        checking_side(store)
        store.records.save_file(RecordsFile(0, "records/validation.jsonl", "0" * 64, 3, len(made), ""))
    monkeypatch.setattr("stillroom.records.dataset.MOST_RECORDS", 24)
    said = stillroom("validate", "--json", "--project", distilled).ok().json
    assert sorted(file["records"] for file in said["files"]) == [3, 10, 20], "23 in a job, 33 in all files"
    monkeypatch.setattr("stillroom.records.dataset.MOST_RECORDS", 22)
    said = stillroom("validate", "--json", "--project", distilled)
    assert said.code == 3
    broken = {
        Path(file["path"]).stem for file in said.json["files"] if "too-many-together" in file["by_rule"]
    }
    assert broken == {"20", "validation"}


def test_it_stops_when_it_is_told_to(distilled: Path) -> None:
    step, watch = Validate(pictures="s3"), Watch()
    watch.signals.cancel()
    with open_workspace(distilled) as workspace:
        with pytest.raises(Interrupted):
            step.execute(workspace, step.plan(workspace), watch)
        with pytest.raises(Interrupted):
            BucketFacts(workspace, watch).lookup("s3://bucket/picture.jpg")


def test_what_is_wrong_with_an_object_in_s3_is_found_whatever_its_size_and_its_uri(
    uploaded: Path, box: Box, tmp_path: Path
) -> None:
    s3 = box.client("s3")
    made = (uploaded / "records" / "20.jsonl").read_text().splitlines()
    with open_workspace(uploaded) as workspace:
        bucket = workspace.settings.aws.bucket
    video, missing, elsewhere = record(1), record(2), record(3)
    source = {"s3Location": {"uri": f"s3://{bucket}/clip.mp4", "bucketOwner": "111122223333"}}
    video["messages"][0]["content"][1] = {"video": {"format": "mp4", "source": source}}
    missing["messages"][0]["content"][1]["image"]["source"]["s3Location"]["uri"] = f"s3://{bucket}/none.jpg"
    elsewhere["messages"][0]["content"][1]["image"]["source"]["s3Location"]["uri"] = "https://my.com/3.jpg"
    file = written(tmp_path / "train.jsonl", [*map(json.loads, made), video, missing, elsewhere])
    s3.put_object(Bucket=bucket, Key="clip.mp4", Body=b"\0\0\0\x18ftypmp42".ljust(65 << 20, b"\0"))
    try:
        said = stillroom("validate", file, "--pictures", "s3", "--json", "--project", uploaded)
    finally:
        s3.delete_object(Bucket=bucket, Key="clip.mp4")
    assert said.code == 3
    errors = [one for one in said.json["files"][0]["findings"] if one["weight"] == "error"]
    assert [(one["line"], one["rule"]) for one in errors] == [
        (21, "video-size"),
        (21, "media-mix"),
        (22, "picture-missing"),
        (23, "uri-scheme"),
    ]
    assert "65.0 MiB" in errors[0]["message"]


@pytest.mark.parametrize("lost", ["20", "validation"])
def test_records_that_were_lost_are_named(distilled: Path, lost: str) -> None:
    (distilled / "records" / "validation.jsonl").write_bytes(b"{}\n")
    with closing(Store.open(distilled)) as store:
        checking_side(store)
        store.records.save_file(RecordsFile(0, "records/validation.jsonl", "0" * 64, 1, 3, ""))
    (distilled / "records" / f"{lost}.jsonl").unlink()
    stillroom("validate", "--project", distilled).refused(2, f"{lost}.jsonl cannot be read")


@pytest.mark.parametrize("name", ["p00.jpg", "p00.png", "p00.webp", "p00.gif", "train.jsonl"])
def test_a_picture_is_no_jsonl_file(name: str, tmp_path: Path) -> None:
    picture = draw(tmp_path / name, 1, form="png" if name == "train.jsonl" else None)
    stillroom("validate", picture, at=tmp_path).refused(
        2, f"{name} is not a JSONL file", "JSON object a line"
    )
    file = written(tmp_path / "other.jsonl", [record(number) for number in range(8)])
    stillroom("validate", file, "--other", picture, at=tmp_path).refused(2, "is not a JSONL file")


def test_text_of_two_bytes_a_character_is_checked_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_bytes(json.dumps(record(1)).encode("utf-16"))
    said = stillroom("validate", tmp_path / "train.jsonl", "--json", at=tmp_path)
    assert (said.code, said.json["files"][0]["by_rule"]["not-utf8"]) == (3, 1)


def test_a_folder_that_has_none_of_the_pictures_is_said_to_have_none(tmp_path: Path) -> None:
    file = written(tmp_path / "train.jsonl", [record(number) for number in range(10)])
    pics = tmp_path / "pics"
    pics.mkdir()
    draw(pics / "3.jpg", 1)
    said = stillroom("validate", file, "--pictures", pics, at=tmp_path).ok()
    assert f"not checked: pictures, videos or documents that are not in {pics} (9)" in said.out
    assert "right folder" not in said.out
    (pics / "3.jpg").unlink()
    said = stillroom("validate", file, "--pictures", pics, at=tmp_path).ok()
    assert f"not checked: files of which no picture is in {pics}: is it the right folder? (1)" in said.out


def test_a_wrong_type_is_told_from_the_right_value(tmp_path: Path) -> None:
    records = [record(number) for number in range(8)]
    records[0]["messages"][0]["content"][1]["image"]["source"]["s3Location"]["bucketOwner"] = 111122223333
    records[1]["messages"][0]["role"] = True
    file = written(tmp_path / "train.jsonl", records)
    said = stillroom("validate", file, at=tmp_path)
    assert "bucketOwner is the number 111122223333 " in said.out
    assert "the role is true " in said.out


def test_pictures_in_s3_need_a_project(tmp_path: Path) -> None:
    file = written(tmp_path / "train.jsonl", [record(number) for number in range(8)])
    stillroom("validate", file, "--pictures", "s3", at=tmp_path).refused(2, "project")


def test_pictures_are_read_back_from_s3(distilled: Path) -> None:
    file = distilled / "records" / "10.jsonl"
    said = stillroom("validate", file, "--pictures", "s3", "--json", "--project", distilled).ok()
    assert not any("nothing is known" in what for what in said.json["files"][0]["not_checked"])


def test_what_a_hostile_file_says_reaches_no_terminal(tmp_path: Path) -> None:
    from tests.steps.world import assert_tame

    bad = record(1)
    bad["messages"][0]["role"] = "\x1b[31mroot"
    bad["\x1b]0;owned\x07"] = "\u202e"
    file = written(tmp_path / "train\x1b[2J.jsonl", [bad])
    said = stillroom("validate", file, at=tmp_path)
    assert said.code == 3
    assert_tame(said.out + said.err)


def test_the_command_that_tells_the_rest_checks_the_same(tmp_path: Path) -> None:
    records = [record(number) for number in range(30)]
    for one in records:
        one["messages"] = []
    file = written(tmp_path / "my train.jsonl", records)
    said = stillroom("validate", "my train.jsonl", "--model", "pro", at=tmp_path)
    (more,) = [line for line in said.out.splitlines() if "more:" in line]
    assert more.endswith("more: stillroom validate 'my train.jsonl' --model pro --json")
    assert "there is no message where both roles are needed" in said.out
    words = shlex.split(more.partition("more: stillroom ")[2])
    assert stillroom(*words, at=tmp_path).json["files"][0]["path"] == str(file.relative_to(tmp_path))


def test_records_of_a_size_can_be_validated_by_themselves(distilled: Path) -> None:
    stillroom("build", "--size", "9", "--project", distilled).ok()
    found = stillroom("validate", "--size", "9", "--json", "--project", distilled).ok().json["files"]
    assert [Path(one["path"]).name for one in found] == ["9.jsonl"]
    stillroom("validate", "--size", "7", "--project", distilled).refused(2, "build --size 7")
    file = distilled / "records" / "9.jsonl"
    stillroom("validate", file, "--size", "9", "--project", distilled).refused(2, "--size")


def test_records_of_the_project_that_are_named_are_known_as_its_own(uploaded: Path) -> None:
    for named in ((), (str(uploaded / "records" / "10.jsonl"),)):
        said = stillroom("validate", *named, "--json", "--project", uploaded).ok().json
        assert {each for file in said["files"] for each in file["not_checked"]} == set()
