import errno
import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from stillroom.errors import StorageFull
from stillroom.pictures import Flag, PictureFlagged, PrepareSettings
from stillroom.pictures.preparing import MOST_PREPARED_BYTES, fitting, prepare, prepare_bytes, prepare_many
from stillroom.pictures.storing import store_file

Make = Callable[..., bytes]
Draw = Callable[..., Image.Image]


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def noise(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    return Image.frombytes(mode, size, os.urandom(size[0] * size[1] * len(mode)))


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode != "LAB":
        return image.convert(mode)
    lab = ImageCms.createProfile("LAB")
    made = ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    assert made is not None
    return made


def mean_difference(a: Image.Image, b: Image.Image) -> float:
    one, other = a.convert("RGB").tobytes(), b.convert("RGB").tobytes()
    assert len(one) == len(other)
    return sum(abs(x - y) for x, y in zip(one, other, strict=True)) / len(one)


@pytest.mark.parametrize(
    ("size", "longest", "made"),
    [
        ((4000, 3000), 1024, (1024, 768)),
        ((3000, 4001), 1024, (768, 1024)),
        ((640, 480), 1024, (640, 480)),
        ((9000, 300), 0, (8000, 267)),
        ((1025, 500), 1024, (1024, 500)),
        ((9000, 1000), 10_000, (8000, 889)),
    ],
)
def test_the_longest_side_is_kept_and_nothing_is_enlarged(
    encode: Make, size: tuple[int, int], longest: int, made: tuple[int, int]
) -> None:
    data = encode("JPEG", image=Image.new("RGB", size, "teal"), quality=50)
    sent, format, width, height = prepare_bytes(data, PrepareSettings(longest_side=longest, quality=50))
    assert (format, width, height) == ("jpeg", *made)
    assert opened(sent).size == made


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 8000))
def test_fitting_keeps_proportions(width: int, height: int, longest: int) -> None:
    made = fitting((width, height), longest)
    assert max(made) <= longest or made == (width, height)
    assert made[0] <= width
    assert made[1] <= height
    assert min(made) >= 1
    if max(width, height) > longest:
        assert max(made) == longest
        assert abs(made[0] * height - made[1] * width) <= max(width, height)


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
def test_the_same_picture_gives_the_same_bytes_in_the_format_asked_for(encode: Make, format: str) -> None:
    data = encode("JPEG", size=(900, 600))
    wanted = PrepareSettings(longest_side=300, format=format)  # type: ignore[arg-type]
    one, other = prepare(data, wanted), prepare(data, wanted)
    assert one == other
    assert (one.format, opened(one.data).format) == (format, format.upper())
    assert one.remark == ""


def test_shrinking_is_as_good_as_a_slow_one(encode: Make, picture: Draw) -> None:
    image = picture((2400, 1800), 4)
    sent = prepare(encode("JPEG", image=image, quality=95), PrepareSettings(longest_side=300, quality=95))
    slow = image.resize((300, 225), Image.Resampling.LANCZOS)
    assert mean_difference(opened(sent.data), slow) < 2.5


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_pictures_are_turned_upright(encode: Make, orientation: int, format: str, picture: Draw) -> None:
    upright = picture((320, 200), 9)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(format, image=stored, exif=exif, **({"quality": 95} if format in ("JPEG", "WEBP") else {}))
    sent = opened(prepare(data, PrepareSettings(longest_side=160)).data)
    assert sent.size == (160, 100)
    assert mean_difference(sent, upright.resize((160, 100), Image.Resampling.LANCZOS)) < 4


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP"])
def test_no_metadata_is_left(encode: Make, format: str, source: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a private remark"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    options: dict[str, object] = {"exif": exif}
    options["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if source == "JPEG":
        options["comment"] = b"a private remark"
    if source == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "a private remark")
        text.add_itxt("XML:com.adobe.xmp", "<x>a private remark</x>")
        options["pnginfo"] = text
    if source == "WEBP":
        options["xmp"] = b"<x>a private remark</x>"
    data = encode(source, size=(300, 200), **options)
    assert b"private" in data or source == "PNG"
    for longest in (100, 0):
        sent = prepare(data, PrepareSettings(longest_side=longest, format=format)).data  # type: ignore[arg-type]
        assert b"private" not in sent
        made = opened(sent)
        assert not made.getexif()
        assert set(made.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "loop",
            "background",
        } | {
            "timestamp",
            "duration",
        }


def test_a_colour_profile_is_applied_before_it_is_dropped(encode: Make) -> None:
    profile = bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    swapped = bytearray(profile.replace(b"sRGB", b"BGRs").replace("sRGB".encode("utf-16-be"), bytes(8)))
    tags = {bytes(swapped[at : at + 4]): at for at in range(132, 132 + 12 * swapped[131], 12)}
    red, blue = tags[b"rXYZ"] + 4, tags[b"bXYZ"] + 4
    swapped[red : red + 8], swapped[blue : blue + 8] = swapped[blue : blue + 8], swapped[red : red + 8]
    image = Image.new("RGB", (64, 64), (220, 40, 40))
    plain = opened(
        prepare(encode("PNG", image=image, icc_profile=profile), PrepareSettings(format="png")).data
    )
    assert plain.getpixel((5, 5)) == (220, 40, 40)
    made = opened(
        prepare(encode("PNG", image=image, icc_profile=bytes(swapped)), PrepareSettings(format="png")).data
    )
    red_now, _, blue_now = made.getpixel((5, 5))  # type: ignore[misc]
    assert blue_now > 200 > 60 > red_now
    see_through = image.copy()
    see_through.putalpha(100)
    made = opened(
        prepare(
            encode("PNG", image=see_through, icc_profile=bytes(swapped)), PrepareSettings(format="png")
        ).data
    )
    assert made.getpixel((5, 5)) == (red_now, made.getpixel((5, 5))[1], blue_now, 100)  # type: ignore[index]


def test_a_broken_colour_profile_loses_no_picture(encode: Make) -> None:
    junk = bytes(16) + b"RGB " + b"no profile at all"
    data = encode("PNG", image=Image.new("RGB", (64, 64), (10, 200, 30)), icc_profile=junk)
    made = opened(prepare(data, PrepareSettings(format="png")).data)
    assert made.getpixel((5, 5)) == (10, 200, 30)


def test_transparency_becomes_white_in_jpeg_and_stays_elsewhere(encode: Make) -> None:
    clear = encode("PNG", image=Image.new("RGBA", (64, 64), (255, 0, 0, 0)))
    assert opened(prepare(clear, PrepareSettings()).data).getpixel((5, 5)) == (255, 255, 255)
    assert opened(prepare(clear, PrepareSettings(format="png")).data).mode == "RGBA"
    solid = encode("PNG", image=Image.new("RGBA", (64, 64), (255, 0, 0, 255)))
    assert opened(prepare(solid, PrepareSettings(format="png")).data).mode == "RGB"
    palette = Image.new("P", (64, 64), 0)
    palette.putpalette([0, 0, 255] * 256)
    see_through = encode("GIF", image=palette, transparency=0)
    assert opened(prepare(see_through, PrepareSettings()).data).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("1", "PNG"),
        ("L", "JPEG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("CMYK", "JPEG"),
        ("CMYK", "TIFF"),
        ("YCbCr", "TIFF"),
        ("LAB", "TIFF"),
    ],
)
def test_every_mode_becomes_rgb(encode: Make, mode: str, format: str, picture: Draw) -> None:
    made = opened(prepare(encode(format, image=in_mode(picture(), mode)), PrepareSettings()).data)
    assert made.mode == "RGB"
    if mode not in ("1", "P"):
        grey = picture().convert("L") if mode in ("L", "LA") else picture()
        assert mean_difference(made, grey) < 12


def test_sixteen_bits_are_scaled_not_cut(encode: Make, picture: Draw) -> None:
    deep = picture(mode="L").convert("I").point(lambda value: value * 256)
    for image, format in ((deep.convert("I;16"), "PNG"), (deep.convert("I;16"), "TIFF"), (deep, "TIFF")):
        made = opened(prepare(encode(format, image=image), PrepareSettings(format="png")).data)
        assert mean_difference(made, picture(mode="L")) < 1


@pytest.mark.parametrize("scale", [1 / 255, 1.0, 200.0])
def test_floating_point_greys_are_scaled_by_their_range(encode: Make, scale: float, picture: Draw) -> None:
    image = picture(mode="L").convert("F").point(lambda value: value * scale + 0)
    made = opened(prepare(encode("TIFF", image=image), PrepareSettings(format="png")).data)
    assert mean_difference(made, picture(mode="L")) < 1 + 256 - min(256, scale if scale > 1 else 256)


def test_of_an_animation_the_first_frame_is_taken(encode: Make) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    for format in ("GIF", "PNG", "WEBP"):
        data = encode(format, image=frames[0], save_all=True, append_images=frames[1:])
        red, green, blue = opened(prepare(data, PrepareSettings()).data).getpixel((5, 5))  # type: ignore[misc]
        assert red > 240 > 20 > max(green, blue)


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_too_many_bytes_lower_the_quality_first(encode: Make, format: str) -> None:
    data = encode("PNG", image=noise((320, 240)), compress_level=0)
    wanted = PrepareSettings(longest_side=0, format=format, quality=95)  # type: ignore[arg-type]
    free = len(prepare(data, wanted).data)
    made = prepare(data, wanted, most_bytes=free * 2 // 3)
    assert len(made.data) <= free * 2 // 3
    assert (made.width, made.height) == (320, 240)
    assert "instead of 95" in made.remark
    assert f"{free * 2 // 3:,} bytes" in made.remark
    tiny = prepare(data, wanted, most_bytes=4000)
    assert len(tiny.data) <= 4000
    assert tiny.width < 320
    assert "quality 45 instead of 95, " in tiny.remark


def test_the_default_limit_of_bytes_holds(encode: Make) -> None:
    made = prepare(encode("BMP", image=noise((2600, 2000))), PrepareSettings(longest_side=0, quality=95))
    assert len(made.data) <= MOST_PREPARED_BYTES == 3_932_160
    assert (made.width, made.height) == (2600, 2000)
    assert made.remark


def test_png_that_is_too_large_loses_pixels_and_says_so(encode: Make) -> None:
    data = encode("PNG", image=noise((400, 300)), compress_level=0)
    made = prepare(data, PrepareSettings(longest_side=0, format="png"), most_bytes=250_000)
    assert 125_000 < len(made.data) <= 250_000
    assert made.width / made.height == pytest.approx(4 / 3, rel=0.01)
    assert f"{made.width} × {made.height} px instead of 400 × 300 px" in made.remark


def test_a_picture_that_becomes_too_thin_is_flagged(encode: Make) -> None:
    data = encode("JPEG", size=(3000, 60))
    with pytest.raises(PictureFlagged, match="1024 × 20 px") as caught:
        prepare(data, PrepareSettings())
    assert caught.value.flag is Flag.TOO_THIN
    assert prepare(data, PrepareSettings(longest_side=0)).height == 60


@pytest.mark.parametrize(
    ("spoil", "flag"),
    [
        (lambda data: data[: len(data) // 2], Flag.TRUNCATED),
        (lambda data: b"no picture", Flag.UNREADABLE),
        (lambda data: b"", Flag.UNREADABLE),
    ],
)
def test_what_cannot_be_prepared_is_flagged(encode: Make, spoil: object, flag: Flag) -> None:
    with pytest.raises(PictureFlagged) as caught:
        prepare(spoil(encode("JPEG", size=(200, 200))), PrepareSettings())  # type: ignore[operator]
    assert caught.value.flag is flag


def test_a_bomb_is_not_decoded(encode: Make) -> None:
    with pytest.raises(PictureFlagged) as caught:
        prepare(encode("PNG"), PrepareSettings(), most_pixels=1000)
    assert caught.value.flag is Flag.BOMB


def jobs(folder: Path, encode: Make, count: int) -> list[tuple[str, Path]]:
    made = []
    for number in range(count):
        data = encode("JPEG", size=(300, 200), seed=number)
        path = folder / f"{number}.jpg"
        path.write_bytes(data)
        made.append((hashlib.sha256(data).hexdigest(), path))
    return made


def test_many_are_prepared_in_order_below_the_target(folder: Path, tmp_path: Path, encode: Make) -> None:
    work = jobs(folder, encode, 30)
    wanted = PrepareSettings(longest_side=128)
    done = list(prepare_many(work, wanted, tmp_path / "target/deep", workers=3))
    assert [file.content for file in done] == [content for content, _ in work]
    for file, (content, original) in zip(done, work, strict=True):
        assert file.path == f"{content[:2]}/{content}.jpg"
        data = (tmp_path / "target/deep" / file.path).read_bytes()
        assert data == prepare(original.read_bytes(), wanted).data
        assert (file.sha256, file.size) == (hashlib.sha256(data).hexdigest(), len(data))
        assert (file.format, file.width, file.height, file.flag, file.reason) == ("jpeg", 128, 85, None, "")
    assert sum(1 for path in (tmp_path / "target").rglob("*") if path.is_file()) == 30


def test_a_replaced_and_a_vanished_original_are_flagged(folder: Path, tmp_path: Path, encode: Make) -> None:
    work = jobs(folder, encode, 3)
    work[0][1].write_bytes(encode("JPEG", seed=99))
    work[1][1].unlink()
    done = list(prepare_many(work, PrepareSettings(), tmp_path / "target"))
    assert [file.flag for file in done] == [Flag.CHANGED, Flag.GONE, None]
    assert "scan again" in done[0].reason
    assert (done[0].path, done[0].sha256, done[0].size) == ("", "", 0)


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "Free some space"), (errno.EROFS, "read-only"), (errno.EIO, "Look at the disk")],
)
def test_a_full_disk_stops_with_a_clear_error_and_leaves_no_halves(
    folder: Path, tmp_path: Path, encode: Make, code: int, words: str
) -> None:
    written = 0

    def write(descriptor: int, data: bytes) -> int:
        nonlocal written
        if written > 3000:
            raise OSError(code, os.strerror(code))
        written += len(data[:1000])
        return os.write(descriptor, data[:1000])

    work = jobs(folder, encode, 8)
    with pytest.raises(StorageFull) as caught:
        list(prepare_many(work, PrepareSettings(), tmp_path / "target", workers=1, write=write))
    assert words in caught.value.todo
    left = [path for path in (tmp_path / "target").rglob("*") if path.is_file()]
    assert all(opened(path.read_bytes()) for path in left)
    assert not [path for path in left if path.name.startswith(".")]


def test_storing_replaces_whole_files_only(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    store_file(place, b"one")
    store_file(place, b"two" * 100_000)
    assert place.read_bytes() == b"two" * 100_000
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFull):
        store_file(tmp_path / "file" / "b", b"x")
    (tmp_path / "folder" / "full").mkdir(parents=True)
    with pytest.raises(StorageFull):
        store_file(tmp_path / "folder", b"x")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(25, 700),
    height=st.integers(25, 700),
    longest=st.integers(0, 400),
    format=st.sampled_from(["JPEG", "PNG", "BMP"]),
)
def test_any_size_is_prepared_within_its_bounds(
    width: int, height: int, longest: int, format: str, picture: Draw
) -> None:
    file = io.BytesIO()
    picture((width, height)).save(file, format)
    try:
        made = prepare(file.getvalue(), PrepareSettings(longest_side=longest))
    except PictureFlagged as flagged:
        assert flagged.flag is Flag.TOO_THIN
        assert longest
        assert min(fitting((width, height), longest)) < 25
        return
    assert (made.width, made.height) == fitting((width, height), longest or 8000)
