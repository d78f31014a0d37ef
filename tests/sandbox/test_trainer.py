"""Training is real: it learns from pixels, its losses are true, its knobs matter."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from stillroom.sandbox.answering import Brain, answer
from stillroom.sandbox.labels import split_label, teach
from stillroom.sandbox.student import BadWeights, Student, features_of, packed, unpacked
from stillroom.sandbox.trainer import Example, Point, train
from stillroom.sandbox.vision import UnreadablePicture

PROMPT = "List 15-25 search keywords for this picture, comma separated."
KOREAN = "이 사진의 검색 키워드 15~25개를 쉼표로 구분해 나열하세요."


def picture(seed: int) -> bytes:
    """A drawn scene of one of four kinds: an object on white, a landscape, a night, a pattern."""
    random = np.random.default_rng(seed)

    def colour(low: int = 0, high: int = 256) -> tuple[int, ...]:
        return tuple(int(part) for part in random.integers(low, high, 3))

    width, height = ((180, 120), (120, 180), (140, 140))[random.integers(3)]
    kind = random.integers(4)
    ground = ("white", (90 + int(random.integers(60)), 160, 235), colour(0, 40), colour())[kind]
    image = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(image)
    if kind == 1:
        line = height * (0.4 + 0.4 * random.random())
        draw.rectangle(
            (0, line, width, height), fill=((60, 140, 50), (225, 200, 150), (30, 90, 160))[random.integers(3)]
        )
    if kind == 3:
        for left in range(0, width, 20):
            draw.rectangle((left, 0, left + 9, height), fill=colour(100))
    else:
        x, y, size = random.random(3) * (width * 0.5, height * 0.5, 50)
        draw.ellipse((x, y, x + 20 + size, y + 20 + size), fill=colour(60))
    target = BytesIO()
    image.save(target, "JPEG", quality=90)
    return target.getvalue()


def says(brain: Brain, data: bytes, prompt: str = PROMPT, temperature: float = 0.0) -> str:
    return answer(
        brain, pictures=[data], system="", prompt=prompt, max_tokens=512, temperature=temperature, top_p=0.9
    ).text


def taught(seeds: Sequence[int], prompt: str = PROMPT) -> list[Example]:
    return [Example("", prompt, says("teacher", picture(seed), prompt), picture(seed)) for seed in seeds]


def score(brain: Brain, seeds: Sequence[int], prompt: str = PROMPT, temperature: float = 0.0) -> float:
    scores = []
    for seed in seeds:
        one = set(says("teacher", picture(seed), prompt).split(", "))
        other = set(says(brain, picture(seed), prompt, temperature).split(", "))
        scores.append(len(one & other) / len(one | other))
    return float(np.mean(scores))


TRAIN, TEST = range(120), range(1000, 1040)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return taught(TRAIN)


def smooth(points: Sequence[Point], part: slice) -> float:
    return float(np.mean([point.loss for point in points[part]]))


def test_training_beats_the_untuned_student_on_pictures_never_seen(examples: list[Example]) -> None:
    untuned = score("untuned", TEST)
    few = score(train(examples[:40], epochs=5, seed=1).weights, TEST)
    many = score(train(examples, epochs=5, seed=1).weights, TEST)
    assert untuned + 0.1 < few < many
    assert many > 0.5


def test_korean_labels_are_learnt() -> None:
    weights = train(taught(TRAIN[:80], KOREAN), epochs=5, seed=1).weights
    assert score(weights, TEST, KOREAN) > score("untuned", TEST, KOREAN) + 0.1
    assert not set("abcdefghijklmnopqrstuvwxyz") & set(says(weights, picture(1000), KOREAN))


def test_labels_that_say_nothing_of_the_picture_teach_nothing_of_it(examples: list[Example]) -> None:
    labels = [example.label for example in examples]
    shuffled = np.random.default_rng(5).permutation(len(labels))
    wrong = [
        Example("", PROMPT, labels[other], example.picture)
        for other, example in zip(shuffled, examples, strict=True)
    ]
    assert score(train(wrong, epochs=5, seed=1).weights, TEST) < score(
        train(examples, epochs=5, seed=1).weights, TEST
    )


def test_each_step_has_its_loss_and_it_falls(examples: list[Example]) -> None:
    done = train(examples, examples[:20], epochs=3, seed=1)
    assert [point.step for point in done.training] == list(range(360))
    assert [point.epoch for point in done.training] == [0] * 120 + [1] * 120 + [2] * 120
    assert smooth(done.training, slice(0, 20)) > 1.5 * smooth(done.training, slice(-60, None))
    assert [(point.step, point.epoch) for point in done.validation] == [(119, 0), (239, 1), (359, 2)]
    assert done.validation[0].loss > done.validation[2].loss


def test_the_first_loss_is_that_of_knowing_nothing(examples: list[Example]) -> None:
    label = "a, b, c, d"
    done = train([Example("", PROMPT, label, example.picture) for example in examples[:8]], epochs=1)
    # Four words, all always said: likelihood one half each before the first step, log 2 nats a word.
    assert done.training[0].loss == pytest.approx(np.log(2), rel=1e-5)


def test_batches(examples: list[Example]) -> None:
    done = train(examples[:50], epochs=2, batch_size=16, seed=1)
    assert len(done.training) == 2 * 4
    assert done.training[-1].epoch == 1


def test_the_learning_rate_matters(examples: list[Example]) -> None:
    slow = train(examples, epochs=2, learning_rate=1e-9, seed=1)
    usual = train(examples, epochs=2, learning_rate=1e-5, seed=1)
    assert smooth(slow.training, slice(0, 120)) == pytest.approx(
        smooth(slow.training, slice(120, None)), rel=0.01
    )
    assert smooth(usual.training, slice(-60, None)) < 0.7 * smooth(slow.training, slice(-60, None))
    # At temperature 0 the faintest preference decides; above it a student must be sure of what it says.
    assert score(usual.weights, TEST, temperature=0.5) > score(slow.weights, TEST, temperature=0.5) + 0.3


def test_the_warm_up_holds_the_first_steps_back(examples: list[Example]) -> None:
    at_once = train(examples, epochs=1, warmup_steps=0, seed=1)
    slowly = train(examples, epochs=1, warmup_steps=100, seed=1)
    assert at_once.training[0] == slowly.training[0]
    assert smooth(slowly.training, slice(5, 25)) > 1.15 * smooth(at_once.training, slice(5, 25))


def test_pictures_may_stay_in_files(examples: list[Example], tmp_path: Path) -> None:
    filed = []
    for place, example in enumerate(examples[:12]):
        assert isinstance(example.picture, bytes)
        (tmp_path / str(place)).write_bytes(example.picture)
        filed.append(Example(example.system, example.prompt, example.label, tmp_path / str(place)))
    assert train(filed, epochs=1, seed=1) == train(examples[:12], epochs=1, seed=1)
    with pytest.raises(FileNotFoundError):
        train([Example("", PROMPT, "sea", tmp_path / "missing")])


def test_the_seed_decides_everything(examples: list[Example]) -> None:
    one, same, other = (train(examples[:30], epochs=2, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.weights != other.weights


def test_training_goes_on_from_earlier_weights(examples: list[Example]) -> None:
    first = train(examples[:60], epochs=2, seed=1)
    second = train(
        [*examples[60:], Example("", PROMPT, "a new word, another", picture(1))],
        epochs=2,
        base=first.weights,
        seed=1,
    )
    assert smooth(second.training, slice(0, 15)) < 0.8 * smooth(first.training, slice(0, 15))
    known = unpacked(first.weights).words
    assert unpacked(second.weights).words[: len(known)] == known
    assert "a new word" in unpacked(second.weights).words


def test_sentences_are_learnt_whole() -> None:
    labels = {"white": "Nothing but light, it seems.", "black": "Deep night."}
    pairs = [(colour, Image.new("RGB", (40 + step, 40), colour)) for step in range(6) for colour in labels]

    def data(image: Image.Image) -> bytes:
        target = BytesIO()
        image.save(target, "PNG")
        return target.getvalue()

    rows = [Example("", "Describe.", labels[colour], data(image)) for colour, image in pairs]
    rows[0] = Example("", "Describe.", "  ", rows[0].picture)
    done = train(rows, rows[:4], epochs=5, seed=1)
    for colour, label in labels.items():
        assert says(done.weights, data(Image.new("RGB", (60, 60), colour)), "Describe.") == label


def test_text_only_records_are_learnt() -> None:
    rows = [
        Example("", f"Keywords for: {text} number {step}", label, None)
        for step in range(8)
        for text, label in (("a red bus", "bus, road, red"), ("the green sea", "sea, wave, green"))
    ]
    weights = train(rows, epochs=5, seed=1).weights
    reply = answer(
        weights,
        pictures=[],
        system="",
        prompt="Keywords for: a red bus number 77",
        max_tokens=99,
        temperature=0.0,
        top_p=0.9,
    )
    assert set(reply.text.split(", ")) == {"bus", "road", "red"}


def test_bad_input_is_refused(examples: list[Example]) -> None:
    with pytest.raises(ValueError, match="nothing"):
        train([])
    with pytest.raises(ValueError, match="positive"):
        train(examples, epochs=0)
    with pytest.raises(UnreadablePicture, match="record 2"):
        train([examples[0], Example("", PROMPT, "sea", b"broken")])
    with pytest.raises(BadWeights):
        train(examples, base=b"nothing")


def test_weights_survive_packing(examples: list[Example]) -> None:
    weights = train(examples[:10], epochs=1).weights
    assert packed(unpacked(weights)) == weights


def test_weights_of_another_shape_are_refused() -> None:
    two = np.zeros(2, np.float32)
    with pytest.raises(BadWeights, match="shape"):
        unpacked(packed(Student(("a",), np.zeros((2, 2), np.float32), two, two, two, 1.0, ", ")))
    with pytest.raises(BadWeights):
        unpacked(b"PK\x03\x04" + bytes(40))


def test_features_see_no_bytes_but_pixels() -> None:
    image = Image.open(BytesIO(picture(3)))
    files = []
    for options in ({"compress_level": 1}, {"compress_level": 9, "dpi": (300, 300)}):
        target = BytesIO()
        image.save(target, "PNG", **options)
        files.append(target.getvalue())
    np.testing.assert_array_equal(features_of(files[0], "one prompt"), features_of(files[1], "another"))


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("sea, sky, sea", ["sea", "sky"]),
        ("- sea\n- sky", ["sea", "sky"]),
        ("1. sea\n2) sky", ["sea", "sky"]),
        ("바다、하늘，산; 강", ["바다", "하늘", "산", "강"]),
        ('"sea" | `sky`.', ["sea", "sky"]),
        ("", []),
        ("  blue   sky ", ["blue sky"]),
    ],
)
def test_labels_are_split(label: str, words: list[str]) -> None:
    assert split_label(label) == words


@pytest.mark.parametrize(("mark", "written"), [(", ", ", "), ("; ", "; "), ("\n", "\n"), ("、", "、")])
def test_the_way_of_writing_is_learnt(mark: str, written: str) -> None:
    assert teach([mark.join(["a", "b", "c"])] * 3).separator == written


def test_rare_words_are_left_out_of_a_large_vocabulary() -> None:
    labels = [", ".join(f"word {row} {place}" for place in range(30)) + ", usual" for row in range(100)]
    found = teach(labels)
    assert len(found.words) == 2000
    assert found.words[0] == "usual"
    assert all(0 <= place < 2000 for row in found.rows for place in row)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=10))
def test_any_label_can_be_taught(labels: list[str]) -> None:
    found = teach(labels)
    assert len(found.rows) == len(labels)
    assert all(place < len(found.words) for row in found.rows for place in row)
    assert len(set(found.words)) == len(found.words)
