"""Cases for the rules about what a record says of its media."""

from __future__ import annotations

from collections.abc import Callable

from tests.records.making import (
    BROKEN,
    BrokenCase,
    Record,
    answer,
    broken,
    case,
    changed,
    conversation,
    good_records,
    image,
    location,
    media,
    picture,
    pictures_for,
    png,
    user,
)

from stillroom.records import TargetModel

HEADS = {"video": b"\0\0\0\x18ftypisom", "document": b"%PDF-1.7\n"}


@broken("assistant-media")
def assistant_media(bucket: str) -> BrokenCase:
    records = good_records(bucket)
    answer(records[2]).append(image(bucket, "pictures/extra.png"))
    return case(records, pictures=pictures_for() | {"pictures/extra.png": png(40, 40)})


@broken("micro-media")
def micro_media(bucket: str) -> BrokenCase:
    return case(good_records(bucket), model=TargetModel.MICRO)


@changed("image-shape")
def image_shape(record: Record, bucket: str) -> None:
    # Another picture keeps the record one with a picture
    user(record).append({"image": {"format": "png", "source": {}}})


@changed("inline-bytes")
def inline_bytes(record: Record, bucket: str) -> None:
    user(record).append({"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}})


@broken("image-format")
def image_format(bucket: str) -> BrokenCase:
    return _format(bucket, "bmp")


@broken("image-format-jpg")
def image_format_jpg(bucket: str) -> BrokenCase:
    records = good_records(bucket)
    picture(records[2])["format"] = "jpg"
    # The smallest JPEG header that has a size: SOI, APP0, SOF0 and EOI around 32 x 32 px
    jpeg = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080020002001011100ffd9")
    return case(records, pictures=pictures_for() | {"pictures/2.png": jpeg})


@broken("format-case")
def format_case(bucket: str) -> BrokenCase:
    return _format(bucket, "PNG")


@broken("image-format-2-lite")
def image_format_2_lite(bucket: str) -> BrokenCase:
    records = good_records(bucket)
    picture(records[2])["format"] = "webp"
    webp = b"RIFF" + (22).to_bytes(4, "little") + b"WEBPVP8X" + (10).to_bytes(4, "little") + bytes(4)
    webp += (31).to_bytes(3, "little") * 2
    return case(records, pictures=pictures_for() | {"pictures/2.png": webp}, model=TargetModel.LITE_2)


def _format(bucket: str, name: str) -> BrokenCase:
    records = good_records(bucket)
    picture(records[2])["format"] = name
    return case(records)


@broken("too-many-images")
def too_many_images(bucket: str) -> BrokenCase:
    records = good_records(bucket)
    more = {f"pictures/more-{number}.png": png(40, 40, number) for number in range(10)}
    user(records[2]).extend(image(bucket, key) for key in more)
    return case(records, pictures=pictures_for() | more)


@broken("uri-scheme")
def uri_scheme(bucket: str) -> BrokenCase:
    return _uri(bucket, "https://example.com/2.png")


@broken("uri-characters")
def uri_characters(bucket: str) -> BrokenCase:
    return _uri(bucket, f"s3://{bucket}/사진 2.png", "사진 2.png")


@broken("uri-shape")
def uri_shape(bucket: str) -> BrokenCase:
    return _uri(bucket, f"s3://{bucket}")


def _uri(bucket: str, uri: str, key: str = "") -> BrokenCase:
    records = good_records(bucket)
    location(records[2])["uri"] = uri
    return case(records, pictures=pictures_for() | {key: png(32, 32)} if key else pictures_for())


@changed("bucket-owner-missing")
def bucket_owner_missing(record: Record, bucket: str) -> None:
    del location(record)["bucketOwner"]


@changed("bucket-owner-shape")
def bucket_owner_shape(record: Record, bucket: str) -> None:
    location(record)["bucketOwner"] = 111122223333


def attached(bucket: str, kind: str, format: str) -> list[Record]:
    """Eight good records with a video or a document each."""
    return [
        conversation([media(kind, bucket, f"{kind}s/{number}.bin", format)], f"about number {number}")
        for number in range(8)
    ]


def _attached(
    rule: str, kind: str, format: str, change: Callable[[Record, str], None], model: TargetModel
) -> None:
    def make(bucket: str) -> BrokenCase:
        records = attached(bucket, kind, format)
        change(records[2], bucket)
        objects = {f"{kind}s/{number}.bin": HEADS[kind] + bytes(64) for number in range(10)}
        return case(records, pictures=objects | {"pictures/extra.png": png(40, 40)}, model=model)

    BROKEN[rule] = make


def _set_format(kind: str, format: str) -> Callable[[Record, str], None]:
    def change(record: Record, bucket: str) -> None:
        user(record)[1][kind]["format"] = format

    return change


def _append(kind: str, key: str, format: str) -> Callable[[Record, str], None]:
    def change(record: Record, bucket: str) -> None:
        user(record).append(media(kind, bucket, key, format))

    return change


def _append_hollow(kind: str) -> Callable[[Record, str], None]:
    def change(record: Record, bucket: str) -> None:
        user(record).append({kind: {"source": {"s3Location": {"uri": f"s3://{bucket}/{kind}s/8.bin"}}}})

    return change


_LITE, _LITE_2 = TargetModel.LITE, TargetModel.LITE_2

_attached("video-shape", "video", "mp4", _append_hollow("video"), _LITE)
_attached("video-format", "video", "mp4", _set_format("video", "avi"), _LITE)
_attached("video-format-2-lite", "video", "mp4", _set_format("video", "webm"), _LITE_2)
_attached("too-many-videos", "video", "mp4", _append("video", "videos/8.bin", "mp4"), _LITE)
_attached("document-shape", "document", "pdf", _append_hollow("document"), _LITE_2)
_attached("document-format", "document", "pdf", _set_format("document", "docx"), _LITE_2)
_attached("too-many-documents", "document", "pdf", _append("document", "documents/8.bin", "pdf"), _LITE_2)


@broken("document-model")
def document_model(bucket: str) -> BrokenCase:
    objects = {f"documents/{number}.bin": HEADS["document"] + bytes(64) for number in range(8)}
    return case(attached(bucket, "document", "pdf"), pictures=objects)


@broken("video-with-others")
def video_with_others(bucket: str) -> BrokenCase:
    records = attached(bucket, "video", "mp4")
    for number, record in enumerate(records):
        user(record).append(image(bucket, f"pictures/{number}.png"))
    objects = {f"videos/{number}.bin": HEADS["video"] + bytes(64) for number in range(8)}
    return case(records, pictures=objects | pictures_for())
