"""Cases for the rules about a file as a whole, and about the objects behind the URIs."""

from __future__ import annotations

import json

from tests.records.making import (
    BrokenCase,
    Record,
    broken,
    case,
    changed,
    conversation,
    good_records,
    image,
    key_of,
    location,
    media,
    picture,
    pictures_for,
    png,
    to_lines,
)

from stillroom.records import TargetModel


@broken("file-name-suffix")
def file_name_suffix(bucket: str) -> BrokenCase:
    return case(good_records(bucket), name="train.json")


@broken("file-name-characters")
def file_name_characters(bucket: str) -> BrokenCase:
    return case(good_records(bucket), name="학습 (1).jsonl")


@broken("byte-order-mark")
def byte_order_mark(bucket: str) -> BrokenCase:
    return BrokenCase(b"\xef\xbb\xbf" + to_lines(good_records(bucket)), pictures_for())


@broken("not-utf8")
def not_utf8(bucket: str) -> BrokenCase:
    lines = to_lines(good_records(bucket)).replace(b"plain, number 2", "plaîn, number 2".encode("latin-1"))
    return BrokenCase(lines, pictures_for())


@broken("blank-line")
def blank_line(bucket: str) -> BrokenCase:
    return BrokenCase(to_lines(good_records(bucket)) + b"\n", pictures_for())


@broken("not-json")
def not_json(bucket: str) -> BrokenCase:
    return BrokenCase(to_lines(good_records(bucket)) + b'{"messages": [\n', pictures_for())


@broken("not-an-object")
def not_an_object(bucket: str) -> BrokenCase:
    records = good_records(bucket)
    return BrokenCase(to_lines(records[1:]) + json.dumps(records[:1]).encode(), pictures_for())


@broken("line-too-long")
def line_too_long(bucket: str) -> BrokenCase:
    return BrokenCase(to_lines(good_records(bucket)) + b" " * (17 << 20) + b"{}\n" + b"", pictures_for())


@broken("too-few-records")
def too_few_records(bucket: str) -> BrokenCase:
    return case(good_records(bucket, 7))


@broken("few-records-2-lite")
def few_records_2_lite(bucket: str) -> BrokenCase:
    return case(good_records(bucket, 8), model=TargetModel.LITE_2)


@broken("few-records")
def few_records(bucket: str) -> BrokenCase:
    return case(good_records(bucket, 8))


def _question(number: int) -> Record:
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "messages": [
            {"role": "user", "content": [{"text": f"Question {number}?"}]},
            {"role": "assistant", "content": [{"text": f"Answer {number}."}]},
        ],
    }


@broken("too-many-records")
def too_many_records(bucket: str) -> BrokenCase:
    return BrokenCase(to_lines([_question(number) for number in range(20_001)]))


@broken("too-many-together")
def too_many_together(bucket: str) -> BrokenCase:
    questions = [_question(number) for number in range(20_001)]
    return BrokenCase(to_lines(questions[:19_000]), companion=to_lines(questions[19_000:]))


@broken("validation-2-lite")
def validation_2_lite(bucket: str) -> BrokenCase:
    return case(good_records(bucket), model=TargetModel.LITE_2, validation=True)


@broken("media-mix")
def media_mix(bucket: str) -> BrokenCase:
    # One picture and one video in each record but the first, so that no part is missing anywhere
    records = []
    for number in range(8):
        clip = media("video", bucket, f"clips/{number}.mp4", "mp4")
        record = conversation([image(bucket, key_of(number))], f"waves, number {number}")
        record["messages"] += conversation([clip], f"surfing, number {number}")["messages"]
        records.append(record)
    clips = {f"clips/{number}.mp4": b"\0\0\0\x18ftypisom" + bytes(64) for number in range(8)}
    return case(records, pictures=pictures_for() | clips)


@changed("other-bucket")
def other_bucket(record: Record, bucket: str) -> None:
    location(record)["uri"] = f"s3://{bucket}-2/{key_of(2)}"


@changed("field-consistency")
def field_consistency(record: Record, bucket: str) -> None:
    del record["system"]


@broken("duplicate-record")
def duplicate_record(bucket: str) -> BrokenCase:
    records = good_records(bucket)
    return case([*records, records[3]])


@changed("duplicate-picture")
def duplicate_picture(record: Record, bucket: str) -> None:
    location(record)["uri"] = f"s3://{bucket}/{key_of(0)}"


@broken("leak-file")
def leak_file(bucket: str) -> BrokenCase:
    other = good_records(bucket, 20)[7:]
    for record in other:
        record["messages"][0]["content"][0]["text"] = "Another question."
    return case(good_records(bucket), other=to_lines(other))


@broken("leak-side")
def leak_side(bucket: str) -> BrokenCase:
    sides = {key_of(number): "train" for number in range(8)}
    return case(good_records(bucket), sides=sides | {key_of(2): "test"})


def _with_picture(bucket: str, data: bytes | None, number: int = 2) -> BrokenCase:
    pictures = pictures_for()
    if data is None:
        del pictures[key_of(number)]
    else:
        pictures[key_of(number)] = data
    return case(good_records(bucket), pictures=pictures)


@broken("picture-missing")
def picture_missing(bucket: str) -> BrokenCase:
    return _with_picture(bucket, None)


@broken("picture-unreadable")
def picture_unreadable(bucket: str) -> BrokenCase:
    return _with_picture(bucket, b"<html>404 Not Found</html>" * 20)


@changed("picture-format")
def picture_format(record: Record, bucket: str) -> None:
    picture(record)["format"] = "jpeg"


@broken("picture-size")
def picture_size(bucket: str) -> BrokenCase:
    return _with_picture(bucket, png(32, 32) + bytes(10 << 20))


@broken("picture-too-thin")
def picture_too_thin(bucket: str) -> BrokenCase:
    return _with_picture(bucket, png(24, 400))


@broken("picture-too-large")
def picture_too_large(bucket: str) -> BrokenCase:
    return _with_picture(bucket, png(8001, 30))


def _attached(bucket: str, kind: str, suffix: str, head: bytes, size: int, model: TargetModel) -> BrokenCase:
    keys = [f"{kind}s/{number}.{suffix}" for number in range(8)]
    records = [conversation([media(kind, bucket, key, suffix)], f"about {key}") for key in keys]
    objects = {key: head + bytes(64) for key in keys}
    objects[keys[2]] = head + bytes(size)
    return case(records, pictures=objects, model=model)


@broken("video-size")
def video_size(bucket: str) -> BrokenCase:
    return _attached(bucket, "video", "mp4", b"\0\0\0\x18ftypisom", 50 << 20, TargetModel.LITE)


@broken("document-size")
def document_size(bucket: str) -> BrokenCase:
    return _attached(bucket, "document", "pdf", b"%PDF-1.7\n", 10 << 20, TargetModel.LITE_2)
