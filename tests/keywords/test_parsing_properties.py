"""What holds for every answer."""

# ruff: noqa: E501  (a table reads best with one case a line)

import json
import unicodedata
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.keywords import joined, parse
from stillroom.keywords.normalising import bare, fold

# Pieces that the reader has opinions about, so that hypothesis finds their combinations.
PIECES = st.sampled_from(
    [
        "sea", "blue sky", "St. Petersburg", "sorry", "I'm sorry", "but I", "and ", "or ", "및 ", "sure", "here are",
        "1.", "2) ", "(3)", "①", "10,000", ",", ", ", "，", "、", ";", ":", ": ", "\n", "\n\n", "- ", "* ", "• ", "·",
        "**", "#", "### ", "```", "```json\n", "~~~", "[", "]", "{", "}", '"', "'", "“", "(", ")", ". ", "! ", "? ", "。",
        "|", " / ", " | ", "->", " → ", "/", "죄송합니다", "하늘", "입니다", "다음은", "é", "é", "ß", "İ", "ﬁ", "Ⅷ", "½", "\u00a0", "\u200b", "\u200d",
        "\ud800", "\x00", "\x1b", "\t", "\x1c", "\x85", "$5", "100%", "c++", "16:9", "\u0301", "\u0345", "ͅ", "🌊", "_",
        "subjects", "place", "context", "visual style", " - ", "—", "- dog", "a) ", "a. ", "b. ", "i. ", "가. ", "1-", "2-",
        "1 - ", "#1 ", "1、", "[x] ", "[subjects] ", "|---|", "| ", "these keywords cover ", "here are some, ", "a - b\n",
        "the image shows", "let me know", "words of a very long sentence that never seems to come to an end",
    ]
)  # fmt: skip
ANSWERS = st.one_of(st.text(st.characters()), st.lists(PIECES, max_size=12).map("".join))

ALPHABET = "abcdefghjklmnpqrstuvwxyz"
WORDS = st.lists(
    st.one_of(
        st.text(ALPHABET, min_size=2, max_size=8).map(lambda word: word + "x"),
        st.tuples(st.text(ALPHABET, min_size=2, max_size=6), st.text(ALPHABET, min_size=2, max_size=6)).map(
            lambda two: f"{two[0]}x {two[1]}q"
        ),
        st.sampled_from(["하늘", "파란 하늘", "골든 아워", "été", "c++", "35mm", "1990s", "children's toy"]),
    ),
    min_size=5,
    max_size=25,
    unique=True,
)


@given(ANSWERS)
@settings(max_examples=500)
def test_reading_the_stored_form_gives_the_same(text: str) -> None:
    words = parse(text).words
    assert parse(joined(words)).words == words


@given(ANSWERS)
@settings(max_examples=300)
def test_words_are_clean(text: str) -> None:
    words = parse(text).words
    assert len(set(words)) == len(words)
    for word in words:
        assert word == fold(word) == bare(word)
        assert word == unicodedata.normalize("NFKC", word)
        assert "\n" not in word
        assert "  " not in word
        assert any(char.isalnum() for char in word)


@given(st.text(st.characters()))
@settings(max_examples=300)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def json_object(words: Sequence[str]) -> str:
    return json.dumps({"subjects": words[:2], "mood": words[2:]})


WRAPPERS: dict[str, Callable[[Sequence[str]], str]] = {
    "commas": ", ".join,
    "ideographic commas": "、".join,
    "full-width commas": "，".join,
    "semicolons": "; ".join,
    "lines": "\n".join,
    "slashes": " / ".join,
    "bars": " | ".join,
    "arrows": " -> ".join,
    "arrows without spaces": "->".join,
    "arrow signs": " → ".join,
    "heading and slashes": lambda words: f"Keywords: {' / '.join(words)}",
    "lead and slashes": lambda words: f"Sure! Here are the keywords:\n\n{' / '.join(words)}",
    "slashes and trail": lambda words: f"{' / '.join(words)}.\n\nLet me know if you need anything else!",
    "dashes": lambda words: "\n".join(f"- {word}" for word in words),
    "stars": lambda words: "\n".join(f"  * {word}" for word in words),
    "dots": lambda words: "\n".join(f"• {word}" for word in words),
    "numbers": lambda words: "\n".join(f"{number}. {word}" for number, word in enumerate(words, 1)),
    "brackets": lambda words: "\n".join(f"{number}) {word}" for number, word in enumerate(words, 1)),
    "numbers in one line": lambda words: " ".join(f"{n}. {word}" for n, word in enumerate(words, 1)),
    "circles": lambda words: " ".join(f"{chr(0x2460 + n % 20)} {word}" for n, word in enumerate(words)),
    "double quotes": lambda words: ", ".join(f'"{word}"' for word in words),
    "curly quotes": lambda words: ", ".join(f"“{word}”" for word in words),
    "single quotes": lambda words: ", ".join(f"'{word}'" for word in words),
    "bold": lambda words: "\n".join(f"- **{word}**" for word in words),
    "fence": lambda words: f"```\n{', '.join(words)}\n```",
    "json": lambda words: json.dumps(list(words)),
    "json, not escaped": lambda words: (
        f"```json\n{json.dumps(list(words), ensure_ascii=False, indent=2)}\n```"
    ),
    "json object": json_object,
    "heading": lambda words: f"Keywords: {', '.join(words)}",
    "headings": lambda words: f"Subjects: {', '.join(words[:2])}\n**Mood**: {', '.join(words[2:])}",
    "korean headings": lambda words: f"주제: {', '.join(words[:2])}\n분위기: {', '.join(words[2:])}",
    "lead": lambda words: f"Sure! Here are the keywords, as asked:\n\n{', '.join(words)}",
    "korean lead": lambda words: f"다음은 키워드입니다: {', '.join(words)}",
    "trail": lambda words: f"{', '.join(words)}.\n\nLet me know if you need anything else!",
    "upper case": lambda words: ", ".join(words).upper(),
    "decomposed": lambda words: unicodedata.normalize("NFD", ", ".join(words)),
    "windows": lambda words: "\r\n".join(words) + "\r\n",
}


@pytest.mark.parametrize("name", WRAPPERS)
@given(words=WORDS)
@settings(max_examples=30)
def test_wrappings_do_not_matter(name: str, words: list[str]) -> None:
    found = parse(WRAPPERS[name](words))
    assert found.words == tuple(words)
    assert found.duplicates == 0


@given(WORDS, st.sampled_from([", ", "\n", "; ", " | "]), st.sampled_from([" / ", " -> ", "/", "→"]))
def test_weak_separators_give_way_to_better_ones(words: list[str], better: str, weak: str) -> None:
    pair = weak.join(words[:2])
    assert parse(better.join([*words[2:], pair])).words == (*words[2:], pair)


@given(st.lists(WORDS.map(lambda words: words[:4]), min_size=2, max_size=4))
def test_lines_of_slashes_are_lists(lines: list[list[str]]) -> None:
    found = parse("\n".join(f"Group: {' / '.join(line)}" for line in lines)).words
    assert found == tuple(dict.fromkeys(word for line in lines for word in line))


@given(WORDS)
def test_a_slash_without_spaces_is_part_of_a_word(words: list[str]) -> None:
    tight = [f"{word}/{word}" for word in words]
    assert parse(" / ".join(tight)).words == tuple(tight)


@given(WORDS, st.integers(1, 5))
def test_copies_are_counted_and_order_is_kept(words: list[str], copies: int) -> None:
    found = parse(", ".join(words + words[:copies]))
    assert found.words == tuple(words)
    assert found.duplicates == copies


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["no. ", "st. mr. ", "[1,\n", '{"a":\n', "and ", "(", "a)", "1. "])
def test_a_model_that_repeats_itself_is_read_at_once(piece: str) -> None:
    parse(piece * 50_000)  # of what is gone through again for every repetition this is hours
