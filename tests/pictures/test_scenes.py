import io
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from stillroom.errors import StorageFull
from stillroom.pictures import PictureSettings
from stillroom.pictures.canvas import Canvas
from stillroom.pictures.finding import find_files
from stillroom.pictures.inspecting import inspect_many
from stillroom.pictures.moods import draw_mood
from stillroom.pictures.resemblance import Resemblance
from stillroom.pictures.scenes import MOTIFS, Motif, draw_scene, draw_scenes


def test_scenes_are_the_same_for_the_same_seed_however_many_and_by_however_many(tmp_path: Path) -> None:
    drawn: list[int] = []
    draw_scenes(tmp_path / "a", 64, 7, workers=2, told=drawn.append)
    assert drawn == [*range(1, 64, 2), 64]
    draw_scenes(tmp_path / "b", 3, 7, workers=1)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [f"scene-{number:04}.jpg" for number in range(64)]
    for number in range(3):
        name = f"scene-{number:04}.jpg"
        assert (
            (tmp_path / "a" / name).read_bytes()
            == (tmp_path / "b" / name).read_bytes()
            == draw_scene(number, 7)
        )
    assert draw_scene(0, 8) != draw_scene(0, 7)


def test_scenes_are_sound_and_varied(tmp_path: Path) -> None:
    draw_scenes(tmp_path, 60, 7)
    seen = list(inspect_many(tmp_path, find_files(tmp_path, PictureSettings())))
    assert len(seen) == 60
    assert not [one for one in seen if one.flag]
    assert Resemblance([one.dhash for one in seen], 4).group_count() >= 59
    assert {one.width > one.height for one in seen} == {True, False}
    means = []
    for number in range(60):
        small = Image.open(tmp_path / f"scene-{number:04}.jpg").resize((1, 1), Image.Resampling.BOX)
        means.append(small.convert("HSV").getpixel((0, 0)))
    for band, least in ((0, 130), (1, 80), (2, 80)):
        values = sorted(mean[band] for mean in means)  # type: ignore[index]
        assert values[-4] - values[3] > least, f"band {band} spans {values[3]}–{values[-4]}"


def test_a_scene_is_a_plain_jpeg_of_moderate_size() -> None:
    data = draw_scene(5, 1)
    image = Image.open(io.BytesIO(data))
    assert image.format == "JPEG"
    assert 360 <= min(image.size) <= max(image.size) <= 640
    assert 3_000 < len(data) < 170_000


def test_a_folder_that_cannot_be_written_is_told_also_when_helpers_draw(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFull):
        draw_scenes(tmp_path / "file", 80, 7, workers=2)
    with pytest.raises(StorageFull):
        draw_scenes(tmp_path / "file", 1, 7)


@pytest.mark.parametrize("motif", MOTIFS, ids=lambda motif: motif.__name__)
def test_every_motif_can_be_drawn_in_any_light_and_shape(motif: Motif) -> None:
    for number in range(12):
        rng = Random(number)
        canvas = Canvas(((96, 72), (72, 96), (120, 60))[number % 3], rng)
        motif(canvas, draw_mood(rng))
        picture = canvas.finished(light=0.3, contrast=1.1, grain=0.05, shade=0.5)
        assert picture.size == canvas.size
        assert len(picture.getcolors(100_000) or ()) > 50


def test_drawing_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    (tmp_path / "scene-0001.jpg").write_bytes(b"drawn before")
    draw_scenes(tmp_path, 3, 7, workers=1)
    assert (tmp_path / "scene-0001.jpg").read_bytes() == b"drawn before"
    assert len(list(tmp_path.iterdir())) == 3
