"""What the models see: the pixels, whatever file they come in, and honest measures of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw

from stillroom.sandbox.concepts import CONCEPTS, rise, strengths
from stillroom.sandbox.lexicon import ENTRIES
from stillroom.sandbox.measures import measure
from stillroom.sandbox.vision import Sight, UnreadablePicture, header, means_on_grid, see


def beach(width: int = 300, height: int = 200) -> Image.Image:
    """Blue sky, sea, sand."""
    image = Image.new("RGB", (width, height), (90, 160, 240))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 0.5, width, height * 0.7), fill=(20, 80, 160))
    draw.rectangle((0, height * 0.7, width, height), fill=(225, 200, 150))
    return image


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    target = BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def strong(image: Image.Image, side: int = 64) -> dict[str, float]:
    return strengths(measure(see(encoded(image, "PNG"), side)))


def test_the_file_around_the_pixels_does_not_matter() -> None:
    files = [
        encoded(beach(), "PNG", compress_level=0),
        encoded(beach(), "PNG", compress_level=9, dpi=(300, 300)),
        encoded(beach(), "WEBP", lossless=True),
        encoded(beach(), "GIF"),
        encoded(beach().convert("RGBA"), "PNG"),
    ]
    first, *others = (see(data, 32) for data in files)
    for other in others:
        assert other.aspect == first.aspect
        np.testing.assert_array_equal(other.rgb, first.rgb)


def test_a_jpeg_decoded_coarsely_looks_like_its_pixels() -> None:
    picture = beach(1024, 683)
    jpeg = see(encoded(picture, "JPEG", quality=95), 64)
    assert np.abs(jpeg.rgb - see(encoded(picture, "PNG"), 64).rgb).max() < 0.08


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    assert see(encoded(clear, "PNG"), 8).rgb.min() == 1.0


def test_modes_besides_rgb_are_seen() -> None:
    for mode in ("L", "P", "1", "CMYK"):
        data = encoded(beach().convert(mode), "JPEG" if mode == "CMYK" else "PNG")
        assert see(data, 16).rgb.shape == (16, 16, 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"hello" * 50,
        encoded(beach(), "JPEG")[:900],
        encoded(beach(), "PNG")[:-300],
        encoded(beach(), "BMP"),
    ],
)
def test_broken_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadablePicture):
        see(data, 16)


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(UnreadablePicture, match="too large"):
        see(encoded(Image.new("1", (8001, 8000)), "PNG"), 16)


@pytest.mark.parametrize("format", ["jpeg", "png", "gif", "webp"])
def test_headers(format: str) -> None:
    found = header(encoded(beach(50, 30), format))
    assert (found.format, found.width, found.height) == (format, 50, 30)


def test_grid_means_are_means() -> None:
    pixels = np.arange(7 * 7 * 2, dtype=np.float32).reshape(7, 7, 2)
    grid = means_on_grid(pixels, 3)
    assert grid.shape == (3, 3, 2)
    np.testing.assert_allclose(grid[0, 0], pixels[:2, :2].mean(axis=(0, 1)))
    np.testing.assert_allclose(grid[2, 1], pixels[4:, 2:4].mean(axis=(0, 1)))


def test_a_beach_is_measured_as_one() -> None:
    found = strong(beach())
    assert found["sky"] > 0.8
    assert found["sand"] > 0.8
    assert found["landscape"] == 1
    assert found["night"] == found["object"] == found["portrait"] == 0


def test_an_object_on_white() -> None:
    image = Image.new("RGB", (200, 300), "white")
    ImageDraw.Draw(image).ellipse((50, 100, 150, 200), fill=(220, 20, 20))
    found = strong(image)
    assert found["object"] == 1
    assert found["red"] > 0.2
    assert found["portrait"] == 1
    assert found["sky"] == found["snow"] == 0


def test_night_and_stripes() -> None:
    assert strong(Image.new("RGB", (200, 200), (8, 8, 20)))["night"] == 1
    stripes = Image.new("RGB", (240, 240), "white")
    for left in range(0, 240, 30):
        ImageDraw.Draw(stripes).rectangle((left, 0, left + 14, 240), fill="black")
    found = strong(stripes)
    assert found["upright lines"] == 1
    assert found["level lines"] == 0
    assert found["colourless"] == 1


@pytest.mark.parametrize(
    ("colour", "concept"),
    [
        ((220, 30, 30), "red"),
        ((240, 140, 20), "orange"),
        ((240, 220, 30), "yellow"),
        ((40, 170, 60), "green"),
        ((30, 160, 170), "teal"),
        ((60, 150, 240), "azure"),
        ((40, 50, 200), "blue"),
        ((130, 50, 200), "purple"),
        ((230, 60, 140), "pink"),
        ((110, 70, 35), "brown"),
        ((240, 240, 240), "white"),
        ((120, 120, 120), "grey"),
        ((5, 5, 5), "black"),
    ],
)
def test_colours_have_their_names(colour: tuple[int, int, int], concept: str) -> None:
    found = strong(Image.new("RGB", (64, 64), colour))
    assert found[concept] == 1


pixels = arrays.arrays(np.float32, (12, 12, 3), elements=st.floats(0, 1, width=32))


@settings(max_examples=60, deadline=None)
@given(pixels, st.floats(0.05, 20))
def test_every_concept_stays_between_0_and_1(rgb: np.ndarray, aspect: float) -> None:
    for name, value in strengths(measure(Sight(rgb, aspect))).items():
        assert 0 <= value <= 1, name


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0.01, 5))
def test_rising_is_monotonous(one: float, other: float, width: float) -> None:
    low, high = sorted((one, other))
    assert rise(low, 0, width) <= rise(high, 0, width)
    assert rise(low, width, 0) >= rise(high, width, 0)


def test_every_concept_has_words_in_both_languages() -> None:
    assert {entry.concept for entry in ENTRIES} == set(CONCEPTS)
    for entry in ENTRIES:
        for language in ("en", "ko"):
            assert entry.words(language, untuned=False)
            assert len(set(entry.words(language, untuned=False))) == len(entry.words(language, untuned=False))


def test_many_threads_see_the_same() -> None:
    data = encoded(beach(), "JPEG")
    with ThreadPoolExecutor(8) as pool:
        sights = list(pool.map(lambda _: see(data, 32).rgb, range(40)))
    assert all(np.array_equal(sight, sights[0]) for sight in sights)
