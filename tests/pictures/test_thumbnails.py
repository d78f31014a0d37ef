from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stillroom.pictures import Flag, PictureFlagged
from stillroom.pictures import opening as opening_room
from stillroom.pictures import thumbnails as room
from stillroom.pictures.thumbnails import Box, fitted, thumbnail, thumbnail_of

Make = Callable[..., bytes]
sides = st.integers(1, 20_000)
boxes = st.builds(
    Box, st.integers(1, 400), st.integers(1, 400), st.floats(0.2, 4.0, allow_nan=False, allow_subnormal=False)
)


@given(width=sides, height=sides, box=boxes)
def test_a_picture_fills_its_box_and_keeps_its_shape(width: int, height: int, box: Box) -> None:
    wide, high = fitted((width, height), box)
    assert 1 <= wide <= box.width
    assert 1 <= high <= box.height
    assert wide == box.width or high == box.height
    # Its shape as it is seen, with pixels that are not square: within the half pixel that rounding costs.
    seen, shape = wide * box.stretch, width / height
    assert (wide - 0.5) * box.stretch / (high + 0.5) <= shape * 1.0001 or wide == 1 or high == box.height
    assert (wide + 0.5) * box.stretch / max(high - 0.5, 0.1) >= shape * 0.9999 or high == 1 or seen == 0


def colours(data: bytes, box: Box) -> list[tuple[int, ...]]:
    made = thumbnail_of(data, box)
    assert len(made.rgb) == 3 * made.width * made.height
    return [tuple(made.rgb[at : at + 3]) for at in range(0, len(made.rgb), 3)]


def test_it_stands_upright(encode: Make) -> None:
    # Left half red, right half blue; turned a quarter to the right, red is above blue.
    image = Image.new("RGB", (64, 32), "blue")
    image.paste((255, 0, 0), (0, 0, 32, 32))
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode("PNG", image=image, exif=exif.tobytes())
    made = thumbnail_of(data, Box(8, 16))
    assert (made.width, made.height) == (8, 16)
    assert made.rgb[:3] == b"\xff\x00\x00"
    assert made.rgb[-3:] == b"\x00\x00\xff"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_shines_through_is_the_ground(encode: Make, mode: str) -> None:
    image = Image.new("RGBA", (30, 30), (255, 255, 255, 0)).convert(mode)
    options = {"transparency": 0} if mode == "P" else {}
    if mode == "P":
        image = Image.new("P", (30, 30), 0)
    data = encode("PNG", image=image, **options)
    assert set(colours(data, Box(6, 6, ground=(10, 20, 30)))) == {(10, 20, 30)}


@pytest.mark.parametrize(
    ("format", "mode"),
    [("PNG", "1"), ("PNG", "L"), ("PNG", "I;16"), ("TIFF", "F"), ("JPEG", "CMYK"), ("GIF", "P")],
)
def test_every_mode_becomes_rgb(encode: Make, format: str, mode: str) -> None:
    image = Image.new(mode, (40, 30))
    assert len(colours(encode(format, image=image), Box(8, 6))) == 48


def test_a_jpeg_is_decoded_small(encode: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode("JPEG", size=(1600, 1200))
    decoded = []
    decode = opening_room.decode

    def note(image: Image.Image, *rest: object) -> None:
        decoded.append(image.size)
        decode(image, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(opening_room, "decode", note)
    assert thumbnail_of(data, Box(40, 30)).width == 40
    assert decoded == [(200, 150)]


def test_what_cannot_be_drawn_says_why(encode: Make, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box(10, 10)
    with pytest.raises(PictureFlagged) as gone:
        thumbnail(folder / "nowhere.jpg", box)
    assert gone.value.flag is Flag.GONE
    data = encode("PNG", size=(300, 300))
    for broken in (data[: len(data) // 2], b"not a picture at all", data[:20] + b"\xff" * 400):
        with pytest.raises(PictureFlagged):
            thumbnail_of(broken, box)
    monkeypatch.setattr(room, "MOST_DECODED", 300 * 300 - 1)
    with pytest.raises(PictureFlagged) as bomb:
        thumbnail_of(data, box)
    assert bomb.value.flag is Flag.BOMB
    # A JPEG of the same size is made smaller by its decoder, and is drawn.
    assert thumbnail_of(encode("JPEG", size=(300, 300)), box).width == 10


@given(noise=st.binary(max_size=300), at=st.integers(0, 2000))
def test_damage_is_a_flag_and_nothing_else(noise: bytes, at: int) -> None:
    whole = _JPEG
    data = whole[: at % len(whole)] + noise + whole[at % len(whole) + len(noise) :]
    try:
        made = thumbnail_of(data, Box(12, 9))
    except PictureFlagged as flagged:
        assert flagged.reason
    else:
        assert len(made.rgb) == 3 * made.width * made.height


def _jpeg() -> bytes:
    import io

    file = io.BytesIO()
    Image.linear_gradient("L").resize((80, 60)).convert("RGB").save(file, "JPEG")
    return file.getvalue()


_JPEG = _jpeg()


def test_there_must_be_a_box(encode: Make) -> None:
    for box in (Box(0, 4), Box(4, -1), Box(4, 4, 0.0), Box(100_000, 4)):
        with pytest.raises(ValueError, match="no box"):
            thumbnail_of(encode("PNG"), box)
