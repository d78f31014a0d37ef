"""Answers depend on pixels and on what is asked, and on nothing else."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from stillroom.sandbox.answering import Brain, Reply, answer, finish
from stillroom.sandbox.choosing import Candidates, choose
from stillroom.sandbox.counting import text_tokens
from stillroom.sandbox.student import BadWeights
from stillroom.sandbox.trainer import Example, train
from stillroom.sandbox.vision import UnreadablePicture

PROMPT = "List 15-25 search keywords for this picture, comma separated."


def scene(seed: int, width: int = 240, height: int = 160) -> Image.Image:
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), tuple(int(part) for part in random.integers(0, 256, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        x, y, w, h = random.random(4) * (width, height, width / 2, height / 2)
        draw.ellipse((x, y, x + w, y + h), fill=tuple(int(part) for part in random.integers(0, 256, 3)))
    return image


def encoded(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    target = BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def ask(brain: Brain = "teacher", seed: int = 1, *, data: bytes | None = None, **more: object) -> Reply:
    request: dict[str, object] = {
        "pictures": [data or encoded(scene(seed))],
        "system": "",
        "prompt": PROMPT,
        "max_tokens": 512,
        "temperature": 0.0,
        "top_p": 0.9,
    }
    return answer(brain, **(request | more))  # type: ignore[arg-type]


def words(reply: Reply) -> list[str]:
    return reply.text.split(", ")


def jaccard(one: Reply, other: Reply) -> float:
    left, right = set(words(one)), set(words(other))
    return len(left & right) / len(left | right)


@pytest.mark.parametrize("brain", ["teacher", "untuned"])
def test_the_same_pixels_get_the_same_answer(brain: Brain) -> None:
    picture = scene(3)
    files = [
        encoded(picture),
        encoded(picture, compress_level=1, dpi=(72, 72)),
        encoded(picture, "WEBP", lossless=True),
    ]
    assert len({ask(brain, data=data).text for data in files}) == 1


def test_nothing_is_remembered_of_a_file() -> None:
    first = encoded(scene(4))
    before = ask(data=first)
    ask(data=first, system="Describe it.", prompt="In Korean.")
    ask(data=encoded(scene(5)))
    assert ask(data=first) == before


def test_a_jpeg_of_the_same_scene_gets_nearly_the_same_answer() -> None:
    scores = [
        jaccard(ask(seed=seed), ask(data=encoded(scene(seed), "JPEG", quality=95))) for seed in range(20)
    ]
    assert np.mean(scores) > 0.8


def test_other_pictures_get_other_answers() -> None:
    assert np.mean([jaccard(ask(seed=seed), ask(seed=seed + 50)) for seed in range(12)]) < 0.6


@pytest.mark.parametrize("brain", ["teacher", "untuned"])
def test_temperature(brain: Brain) -> None:
    assert ask(brain, entropy=1) == ask(brain, entropy=2)
    assert ask(brain, temperature=0.5, entropy=1) == ask(brain, temperature=0.5, entropy=1)

    def sameness(temperature: float) -> float:
        return float(
            np.mean(
                [
                    jaccard(
                        ask(brain, seed, temperature=temperature, entropy=1),
                        ask(brain, seed, temperature=temperature, entropy=2),
                    )
                    for seed in range(12)
                ]
            )
        )

    assert 1 > sameness(0.2) > sameness(0.6) > sameness(1.0) > 0.3
    assert sameness(0.5) > 0.65


def test_a_narrow_top_p_varies_less() -> None:
    def sameness(top_p: float) -> float:
        pairs = ((ask(seed=s, temperature=1.0, top_p=top_p, entropy=e) for e in (1, 2)) for s in range(12))
        return float(np.mean([jaccard(one, other) for one, other in pairs]))

    assert sameness(0.1) == 1.0
    assert sameness(1.0) < 0.9


@pytest.mark.parametrize("seed", range(8))
def test_the_teacher_gives_15_to_25_distinct_keywords(seed: int) -> None:
    for prompt in (PROMPT, "검색 키워드 15~25개를 쉼표로 구분해 나열하세요."):
        found = words(ask(seed=seed, prompt=prompt, temperature=0.5, entropy=seed))
        assert 15 <= len(found) <= 25
        assert len(set(found)) == len(found)


@pytest.mark.parametrize("brain", ["teacher", "untuned"])
def test_the_count_asked_for_is_given(brain: Brain) -> None:
    assert len(words(ask(brain, prompt="Exactly 10 keywords, comma separated"))) == 10
    assert len(words(ask(brain, prompt="키워드 7개"))) == 7
    assert ask(brain, prompt="List 5 keywords, one per line").text.count("\n") == 4


@pytest.mark.parametrize("brain", ["teacher", "untuned"])
def test_the_language_asked_for_is_spoken(brain: Brain) -> None:
    korean = ask(brain, prompt="이 사진의 검색 키워드를 나열하세요").text
    assert not re.search(r"[A-Za-z]", korean)
    assert re.search(r"[가-힣]", korean)
    assert not re.search(r"[가-힣]", ask(brain, prompt="사진의 키워드를 영어로 나열하세요").text)


def test_the_untuned_student_is_a_weak_echo_of_the_teacher() -> None:
    for prompt in (PROMPT, "이 사진의 검색 키워드 15~25개"):
        scores = [jaccard(ask(seed=s, prompt=prompt), ask("untuned", s, prompt=prompt)) for s in range(30)]
        assert 0.1 < np.mean(scores) < 0.35


def test_a_cut_answer_says_so() -> None:
    whole = ask()
    cut = ask(max_tokens=9)
    assert (cut.stop_reason, cut.output_tokens) == ("max_tokens", 9)
    assert text_tokens(cut.text) == 9
    assert whole.text.startswith(cut.text)
    assert (whole.stop_reason, whole.output_tokens) == ("end_turn", text_tokens(whole.text))
    assert ask(max_tokens=whole.output_tokens) == whole


def test_stop_sequences_end_the_answer() -> None:
    whole = ask()
    second = words(whole)[1]
    stopped = ask(stop_sequences=["never said", f", {second}"])
    assert (stopped.text, stopped.stop_reason) == (words(whole)[0], "stop_sequence")
    assert ask(stop_sequences=["", "never said"]) == whole


@given(st.text(), st.integers(1, 30), st.lists(st.text(max_size=3), max_size=3))
def test_finishing_never_adds(text: str, most: int, stops: list[str]) -> None:
    reply = finish(text, most, stops)
    assert text.startswith(reply.text)
    assert reply.output_tokens == text_tokens(reply.text) <= most
    assert not any(stop in reply.text for stop in stops if stop)


def test_what_is_no_request_for_keywords_gets_a_sentence() -> None:
    reply = ask(prompt="What do you see?", data=encoded(Image.new("RGB", (300, 200), (90, 160, 240))))
    assert reply.text.startswith("The picture shows sky")
    assert reply.text.endswith(".")
    assert "사진" in ask(prompt="무엇이 보이나요?").text
    assert ask(prompt="What is it?", data=encoded(Image.new("RGB", (30, 33), (128, 128, 128)))).text.endswith(
        "."
    )


def test_without_a_picture_the_prompt_is_all_there_is() -> None:
    request = "Keywords for: A red bus on a bridge at dusk, please."
    assert ask(prompt=request, pictures=[]).text == "red, bus, bridge, dusk"
    assert ask("untuned", prompt=request, pictures=[]).text == "red, bus, dusk"
    assert "no picture" in ask(prompt="Keywords!", pictures=[]).text
    assert "없습니다" in ask(prompt="키워드를 한국어로", system="", pictures=[]).text or words(
        ask(prompt="키워드를 한국어로", pictures=[])
    )


def test_several_pictures_get_what_they_share() -> None:
    red, blue = (encoded(Image.new("RGB", (300, 200), colour)) for colour in ("red", "blue"))
    found = words(ask(pictures=[red, blue]))
    assert "landscape format" in found
    assert found != words(ask(pictures=[red]))


def test_broken_input_is_refused() -> None:
    with pytest.raises(UnreadablePicture):
        ask(data=b"no picture")
    with pytest.raises(BadWeights):
        ask(b"no weights")


def test_a_trained_student_honours_the_request_too() -> None:
    examples = [
        Example(
            "",
            PROMPT,
            f"{', '.join(f'word{(seed + step) % 30}' for step in range(12))}, 바다",
            encoded(scene(seed)),
        )
        for seed in range(12)
    ]
    brain = train(examples, epochs=2, seed=1).weights
    assert len(words(ask(brain, prompt="List 5-8 keywords"))) == 8
    assert len(words(ask(brain, prompt="keywords, please"))) == 13
    assert ask(brain, prompt="키워드").text == "바다"
    assert ask(brain, max_tokens=3).stop_reason == "max_tokens"
    assert ask(brain, entropy=1) == ask(brain, entropy=2)
    assert ask(brain, temperature=1.0, entropy=1) != ask(brain, temperature=1.0, entropy=2)
    assert ask(brain, prompt="List 3 keywords, one per line").text.count("\n") == 2


@given(
    st.lists(st.floats(-5, 5), min_size=1, max_size=40),
    st.integers(1, 50),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 2**63),
)
def test_choosing(scores: list[float], wanted: int, temperature: float, top_p: float, entropy: int) -> None:
    values = np.array(scores)
    candidates = Candidates(tuple(map(str, range(len(scores)))), values, np.exp(values))
    chosen = choose(candidates, wanted, temperature=temperature, top_p=top_p, spread=1.0, entropy=entropy)
    assert len(chosen) == len(set(chosen)) == min(wanted, len(scores))
    if temperature == 0:
        assert min(values[chosen]) >= max(np.delete(values, chosen), default=-9)
