import hashlib
import io
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from stillroom.pictures import Flag, FoundFile, Inspection, PictureSettings
from stillroom.pictures.finding import find_files
from stillroom.pictures.formats import ends_early
from stillroom.pictures.inspecting import inspect, inspect_many

Make = Callable[..., bytes]
Draw = Callable[..., Image.Image]


def look(folder: Path, name: str, data: bytes, **limits: int) -> Inspection:
    (folder / name).write_bytes(data)
    return inspect(folder, FoundFile(name, len(data), 0), **limits)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits", "tiff_ccitt"])
def test_a_damaged_tiff_writes_nothing_behind_our_back(
    folder: Path, capfd: pytest.CaptureFixture[str], compression: str
) -> None:
    """A progress bar, or the workbench's screen, stands where libtiff would write."""
    noise = Image.frombytes("RGB", (64, 48), random.Random(5).randbytes(64 * 48 * 3))
    whole = io.BytesIO()
    noise.convert("1" if compression == "tiff_ccitt" else "RGB").save(whole, "TIFF", compression=compression)
    for begin in range(8, len(whole.getvalue()) - 20, 200):
        data = bytearray(whole.getvalue())
        data[begin : begin + 20] = b"\xff" * 20
        look(folder, "a.tif", bytes(data))
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


def differ(a: Inspection, b: Inspection) -> int:
    assert a.dhash is not None
    assert b.dhash is not None
    return (a.dhash ^ b.dhash).bit_count()


@pytest.mark.parametrize(
    ("name", "format", "told"),
    [
        ("a.jpg", "JPEG", "jpeg"),
        ("a.jfif", "JPEG", "jpeg"),
        ("a.png", "PNG", "png"),
        ("a.webp", "WEBP", "webp"),
        ("a.gif", "GIF", "gif"),
        ("a.bmp", "BMP", "bmp"),
        ("a.tif", "TIFF", "tiff"),
    ],
)
def test_a_sound_picture_is_measured(folder: Path, encode: Make, name: str, format: str, told: str) -> None:
    data = encode(format, size=(200, 120))
    seen = look(folder, name, data)
    assert (seen.flag, seen.reason) == (None, "")
    assert (seen.format, seen.width, seen.height) == (told, 200, 120)
    assert seen.content == hashlib.sha256(data).hexdigest()
    assert seen.size == len(data)
    assert seen.mtime_ns == (folder / name).stat().st_mtime_ns
    assert seen.dhash is not None
    assert 0 <= seen.dhash < 2**64


def test_the_difference_hash_is_what_it_says(folder: Path, encode: Make) -> None:
    brighter = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90)
    assert look(folder, "a.png", encode("PNG", image=brighter)).dhash == 2**64 - 1
    assert look(folder, "b.png", encode("PNG", image=brighter.rotate(180))).dhash == 0
    half = Image.new("L", (256, 256))
    half.paste(brighter.crop((0, 0, 256, 32)), (0, 0))
    assert look(folder, "c.png", encode("PNG", image=half)).dhash == 0xFF << 56


def test_the_same_picture_smaller_or_in_another_format_resembles_itself(
    folder: Path, encode: Make, picture: Draw
) -> None:
    big = picture((1600, 1200), 5)
    one = look(folder, "a.jpg", encode("JPEG", image=big, quality=90))
    for name, data in {
        "b.jpg": encode("JPEG", image=big.resize((640, 480)), quality=60),
        "c.png": encode("PNG", image=big.resize((400, 300))),
        "d.webp": encode("WEBP", image=big, quality=70),
    }.items():
        assert differ(one, look(folder, name, data)) <= 4
    assert differ(one, look(folder, "e.jpg", encode("JPEG", size=(1600, 1200), seed=6))) > 10


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_size_and_hash_are_those_of_the_upright_picture(
    folder: Path, encode: Make, orientation: int, format: str, picture: Draw
) -> None:
    upright = picture((320, 200), 9)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that the viewer's turn undoes
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    seen = look(folder, f"a.{format.lower()}", encode(format, image=stored, exif=exif))
    assert seen.flag is None
    assert (seen.width, seen.height) == (320, 200)
    assert differ(seen, look(folder, "b.png", encode("PNG", image=upright))) <= 4


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr"])
def test_every_mode_can_be_inspected(folder: Path, encode: Make, mode: str, picture: Draw) -> None:
    image = (
        picture(mode="L").convert("I").point(lambda v: v * 256).convert(mode) if mode[0] == "I" else picture()
    )
    image = image if mode[0] == "I" else image.convert(mode)
    format = "TIFF" if mode in ("CMYK", "F", "YCbCr", "I") else "PNG"
    seen = look(folder, f"a.{format.lower()}", encode(format, image=image))
    assert (seen.flag, seen.reason) == (None, "")


def test_an_empty_file(folder: Path) -> None:
    seen = look(folder, "a.jpg", b"")
    assert (seen.flag, seen.reason, seen.content) == (Flag.EMPTY, "zero bytes", None)


CUTS = ["JPEG", "progressive", "PNG", "GIF", "WEBP", "BMP", "TIFF", "deflated"]


def sound(encode: Make, kind: str) -> tuple[str, bytes]:
    if kind == "progressive":
        return "a.jpg", encode("JPEG", size=(200, 120), progressive=True)
    if kind == "deflated":
        return "a.tif", encode("TIFF", size=(200, 120), compression="tiff_adobe_deflate")
    return f"a.{kind.lower()}", encode(kind, size=(200, 120))


@pytest.mark.parametrize("kind", CUTS)
def test_a_file_cut_anywhere_is_flagged_and_one_cut_late_is_called_truncated(
    folder: Path, encode: Make, kind: str
) -> None:
    name, data = sound(encode, kind)
    assert look(folder, name, data).flag is None
    cuts = {*range(1, len(data), max(1, len(data) // 60)), *range(len(data) - 30, len(data))}
    for cut in sorted(cuts):
        seen = look(folder, name, data[:cut])
        assert seen.flag in (Flag.TRUNCATED, Flag.UNREADABLE), f"{len(data) - cut} bytes missing"
        if cut > len(data) * 0.6:
            assert seen.flag is Flag.TRUNCATED, seen.reason
            assert "ends too early" in seen.reason


def test_a_jpeg_whose_tail_was_never_written_is_truncated(folder: Path, encode: Make) -> None:
    data = encode("JPEG", size=(640, 480))
    seen = look(folder, "a.jpg", data[: len(data) // 2] + bytes(len(data) // 2))
    assert seen.flag is Flag.TRUNCATED


def test_a_gif_that_lost_later_frames_is_truncated(folder: Path, encode: Make, picture: Draw) -> None:
    frames = [picture(seed=seed).quantize() for seed in range(3)]
    data = encode("GIF", image=frames[0], save_all=True, append_images=frames[1:])
    assert look(folder, "a.gif", data).flag is None
    assert look(folder, "a.gif", data[: len(data) * 2 // 3]).flag is Flag.TRUNCATED


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_bytes_behind_the_picture_do_no_harm(folder: Path, encode: Make, kind: str) -> None:
    name, data = sound(encode, kind)
    assert look(folder, name, data + b"appended by a camera" * 9).flag is None


@pytest.mark.parametrize(
    ("name", "format", "reason"),
    [
        ("a.jpg", "PNG", "is a PNG, named .jpg"),
        ("a.png", "JPEG", "is a JPEG, named .png"),
        ("a.HEIC", "JPEG", "is a JPEG, named .heic"),
        ("a.gif", "WEBP", "is a WebP, named .gif"),
    ],
)
def test_a_wrong_extension_is_flagged_with_both_formats(
    folder: Path, encode: Make, name: str, format: str, reason: str
) -> None:
    seen = look(folder, name, encode(format))
    assert (seen.flag, seen.reason) == (Flag.WRONG_EXTENSION, reason)
    assert seen.content is not None


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_bomb_is_refused_by_our_own_limit_without_being_decoded(
    folder: Path, encode: Make, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encode(format, image=Image.new("L", (200, 100)))

    def load(self: ImageFile.ImageFile) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    seen = look(folder, f"a.{format.lower()}", data, most_pixels=19_999)
    assert seen.flag is Flag.BOMB
    assert "200 × 100 px" in seen.reason
    assert (seen.width, seen.height) == (200, 100)


def test_a_picture_at_the_limit_passes_and_so_does_one_above_pillows_own(
    folder: Path, encode: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encode("PNG", size=(200, 100))
    assert look(folder, "a.png", data, most_pixels=20_000).flag is None
    assert Image.MAX_IMAGE_PIXELS is None


def test_a_huge_png_header_on_a_small_file(folder: Path, encode: Make) -> None:
    import struct
    import zlib

    data = encode("PNG")
    header = b"IHDR" + struct.pack(">II", 60_000, 60_000) + data[24:29]
    bomb = data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]
    assert look(folder, "a.png", bomb).flag is Flag.BOMB


@pytest.mark.parametrize(
    ("name", "data", "flag", "words"),
    [
        ("a.jpg", b"<!DOCTYPE html><title>404</title>", Flag.UNREADABLE, "no known picture format"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', Flag.UNSUPPORTED, "an SVG"),
        ("a.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", Flag.UNSUPPORTED, "an AVIF"),
        ("a.psd", b"8BPS\0\1" + bytes(20), Flag.UNSUPPORTED, "a Photoshop file"),
    ],
)
def test_what_is_no_picture_or_none_we_read(
    folder: Path, name: str, data: bytes, flag: Flag, words: str
) -> None:
    seen = look(folder, name, data)
    assert seen.flag is flag
    assert words in seen.reason
    assert "\n" not in seen.reason
    assert seen.content == hashlib.sha256(data).hexdigest()


def test_a_heic_without_its_plugin_says_what_to_add(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stillroom.pictures.opening._heic_is_available", lambda: False)
    seen = look(folder, "a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    assert seen.flag is Flag.UNSUPPORTED
    assert "stillroom[heic]" in seen.reason


@pytest.mark.parametrize(
    ("data", "early"),
    [
        (b"\0\0\0\x0cftypheic" + b"\0\0\0\x0amdatxx", False),
        (b"\0\0\0\x0cftypheic" + b"\0\0\0\x0amdatx", True),
        (b"\0\0\0\x0cftypheic" + b"\0\0\0\x01mdat" + (18).to_bytes(8, "big") + b"xx", False),
        (b"\0\0\0\x0cftypheic" + b"\0\0\0\x01mdat" + (19).to_bytes(8, "big") + b"xx", True),
        (b"\0\0\0\x0cftypheic" + b"\0\0\0\0mdat and on to the end", False),
    ],
)
def test_the_boxes_of_a_heic_tell_whether_it_is_whole(data: bytes, early: bool) -> None:
    assert ends_early(data, "heic") is early


def test_a_picture_that_is_whole_but_spoilt_is_unreadable(folder: Path, encode: Make) -> None:
    data = encode("PNG", size=(200, 100))
    middle = len(data) // 2
    seen = look(folder, "a.png", data[:middle] + bytes(20) + data[middle + 20 :])
    assert seen.flag is Flag.UNREADABLE
    assert seen.reason.startswith("a PNG that cannot be decoded: ")


@pytest.mark.parametrize(
    ("size", "flag"), [((24, 400), Flag.TOO_THIN), ((25, 400), None), ((400, 24), Flag.TOO_THIN)]
)
def test_a_thin_picture_is_flagged(
    folder: Path, encode: Make, size: tuple[int, int], flag: Flag | None
) -> None:
    assert look(folder, "a.png", encode("PNG", size=size)).flag is flag


def test_a_name_that_is_no_utf8_is_read_and_flagged(folder: Path, encode: Make) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.png")).write_bytes(encode("PNG"))
    (seen,) = inspect_many(folder, find_files(folder, PictureSettings()))
    assert seen.flag is Flag.BAD_NAME
    assert seen.path == r"a\xff.png"
    assert seen.content is not None


def test_a_file_that_vanished_is_reported(folder: Path) -> None:
    seen = inspect(folder, FoundFile("gone.jpg", 10, 77))
    assert (seen.flag, seen.content, seen.mtime_ns) == (Flag.GONE, None, 77)


def test_a_file_that_was_replaced_after_the_walk_is_told_as_it_is(folder: Path, encode: Make) -> None:
    data = encode("PNG")
    (folder / "a.png").write_bytes(data)
    seen = inspect(folder, FoundFile("a.png", 3, 3))
    assert (seen.flag, seen.size) == (None, len(data))
    assert seen.mtime_ns == (folder / "a.png").stat().st_mtime_ns


def test_a_folder_or_a_pipe_in_the_files_place_is_flagged_without_waiting(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")
    (folder / "folder.jpg").mkdir()
    for name in ("pipe.jpg", "folder.jpg"):
        assert inspect(folder, FoundFile(name, 1, 1)).flag is Flag.UNREADABLE


def test_many_are_inspected_in_order_and_drawn_only_as_needed(folder: Path, encode: Make) -> None:
    for number in range(60):
        (folder / f"{number:02}.png").write_bytes(encode("PNG", seed=number))
    files = find_files(folder, PictureSettings())
    seen = list(inspect_many(folder, files, workers=4))
    assert [one.path for one in seen] == [file.path for file in files]
    assert len({one.content for one in seen}) == 60
    some = inspect_many(folder, files, workers=2)
    assert next(some).path == "00.png"
    some.close()  # type: ignore[attr-defined]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_bytes_never_raise(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, picture: Draw
) -> None:
    import io

    format, name, options = data.draw(
        st.sampled_from(
            [
                ("JPEG", "a.jpg", {}),
                ("PNG", "a.png", {}),
                ("GIF", "a.gif", {}),
                ("WEBP", "a.webp", {}),
                ("BMP", "a.bmp", {}),
                ("TIFF", "a.tif", {}),
                ("TIFF", "a.tif", {"compression": "tiff_lzw"}),
            ]
        )
    )
    file = io.BytesIO()
    picture((40, 30)).save(file, format, **options)
    raw = bytearray(file.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, min(len(raw) - 1, 400)))] = data.draw(st.integers(0, 255))
    seen = look(tmp_path_factory.getbasetemp(), name, bytes(raw), most_pixels=1_000_000)
    assert (seen.flag is None) == (seen.reason == "")


def test_pillow_says_nothing_on_stderr(folder: Path, encode: Make, picture: Draw) -> None:
    _, tiff = sound(encode, "deflated")
    for cut in range(10, len(tiff), 97):
        (folder / f"{cut}.tif").write_bytes(tiff[:cut])
    exif = Image.Exif()
    exif[0x010E] = "x" * 40
    jpeg = encode("JPEG", exif=exif)
    (folder / "odd.jpg").write_bytes(jpeg.replace(b"\x2a\0\x08\0\0\0", b"\x2a\0\xf0\x7f\0\0", 1))
    palette = picture().quantize(8)
    (folder / "palette.png").write_bytes(encode("PNG", image=palette, transparency=b"\0\x80"))
    program = (
        "import sys; from pathlib import Path; from stillroom.pictures import PictureSettings;"
        "from stillroom.pictures.finding import find_files;"
        "from stillroom.pictures.inspecting import inspect_many;"
        "f = Path(sys.argv[1]); print(len(list(inspect_many(f, find_files(f, PictureSettings())))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) > 3
    assert ran.stderr == ""
