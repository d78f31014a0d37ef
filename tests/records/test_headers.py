"""Picture headers, against the pictures that Pillow writes."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stillroom.errors import UsageError
from stillroom.records import PictureFact
from stillroom.records.folder import PictureFolder
from stillroom.records.headers import Header, read_header


def written(format: str, width: int, height: int, **options: object) -> bytes:
    target = BytesIO()
    Image.new("RGB", (width, height), (10, 120, 200)).save(target, format, **options)
    return target.getvalue()


@pytest.mark.parametrize("size", [(1, 1), (31, 400), (640, 480), (3000, 17)])
@pytest.mark.parametrize(
    ("format", "options", "name"),
    [
        ("PNG", {}, "png"),
        ("GIF", {}, "gif"),
        ("JPEG", {}, "jpeg"),
        ("JPEG", {"progressive": True}, "jpeg"),
        ("JPEG", {"exif": b"Exif\0\0" + bytes(60_000), "comment": b"hello"}, "jpeg"),
        ("WEBP", {}, "webp"),
        ("WEBP", {"lossless": True}, "webp"),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08"}, "webp"),
    ],
)
def test_format_and_size(format: str, options: dict[str, object], name: str, size: tuple[int, int]) -> None:
    assert read_header(BytesIO(written(format, *size, **options))) == Header(name, *size)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (written("BMP", 9, 9), "bmp"),
        (written("TIFF", 9, 9), "tiff"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypisom", "mp4"),
        (b"\x1aE\xdf\xa3\x01", "mkv"),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_other_formats_are_named(data: bytes, name: str) -> None:
    assert read_header(BytesIO(data)) == Header(name)


@pytest.mark.parametrize("format", ["PNG", "GIF", "JPEG", "WEBP"])
@given(cut=st.integers(0, 200))
def test_a_cut_picture_has_no_wrong_size(format: str, cut: int) -> None:
    found = read_header(BytesIO(written(format, 321, 123)[:cut]))
    assert (found.width, found.height) in {(321, 123), (None, None)}


@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF1234WEBPVP8 "]), st.binary()
)
def test_no_bytes_break_it(head: bytes, rest: bytes) -> None:
    found = read_header(BytesIO(head + rest))
    assert (found.width is None) == (found.height is None)


def test_fill_bytes_and_lone_markers_of_jpeg_are_passed() -> None:
    plain = written("JPEG", 40, 30)
    assert read_header(BytesIO(b"\xff\xd8\xff\x01\xff\xff\xff" + plain[3:])) == Header("jpeg", 40, 30)


def test_a_jpeg_of_endless_segments_is_given_up() -> None:
    assert read_header(BytesIO(b"\xff\xd8" + b"\xff\xe0\0\x02" * 6000)) == Header("jpeg")


def test_a_folder_is_searched_by_the_end_of_the_key(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "1.jpg").write_bytes(written("JPEG", 40, 30))
    (tmp_path / "1.jpg").write_bytes(written("PNG", 50, 60))
    folder = PictureFolder(tmp_path)
    nested = folder.lookup("s3://bucket/pre/ab/1.jpg")
    assert nested is not None
    assert (nested.format, nested.width, nested.height) == ("jpeg", 40, 30)
    assert nested.size == (tmp_path / "ab" / "1.jpg").stat().st_size
    flat = folder.lookup("s3://bucket/other/1.jpg")
    assert flat == PictureFact((tmp_path / "1.jpg").stat().st_size, "png", 50, 60)


def test_a_part_of_the_key_may_be_missing_or_a_dot(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "1.jpg").write_bytes(written("JPEG", 40, 30))
    for uri in ("s3://bucket//ab//1.jpg", "s3://bucket/./ab/./1.jpg", "s3://bucket/ab/1.jpg/"):
        found = PictureFolder(tmp_path).lookup(uri)
        assert found is not None
        assert found.width == 40


@pytest.mark.timeout(20)
def test_a_key_of_hundreds_of_parts_is_looked_up_at_once_and_a_longer_one_is_none(tmp_path: Path) -> None:
    (tmp_path / "c.jpg").write_bytes(written("PNG", 50, 60))
    folder = PictureFolder(tmp_path)
    longest = folder.lookup(f"s3://bucket/{'a/' * 509}/c.jpg")
    assert longest is not None
    assert (longest.width, longest.height) == (50, 60)
    assert folder.lookup(f"s3://bucket/{'a/' * 16_000}c.jpg") is None


@pytest.mark.parametrize(
    "uri",
    [
        "s3://bucket/2.jpg",
        "s3://bucket",
        "s3://bucket/../secret",
        "s3://bucket/a\0b",
        "s3://bucket/ab",
        "",
        "s3://b//",
    ],
)
def test_of_other_uris_nothing_is_known(tmp_path: Path, uri: str) -> None:
    (tmp_path.parent / "secret").write_bytes(written("PNG", 9, 9))
    (tmp_path / "ab").mkdir()
    assert PictureFolder(tmp_path).lookup(uri) is None


@pytest.mark.parametrize("name", ["missing", "n" * 300])
def test_a_folder_must_be_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        PictureFolder(tmp_path / name)


@pytest.mark.timeout(20)
def test_a_pipe_in_a_pictures_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    assert PictureFolder(tmp_path).lookup("s3://bucket/a.jpg") is None
