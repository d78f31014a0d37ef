"""Answers whose layout says more than their keywords: headings, sentences, tables, letters that count."""

# ruff: noqa: E501  (a table reads best with one case a line)

import json
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.keywords import joined, parse

ENGLISH = ("Subjects", "Place", "Action and mood", "Visual style", "Context")
KOREAN = ("대상", "장소", "행동과 분위기", "시각적 스타일", "맥락")
OWN = ("Flora", "Fauna", "Human made", "Weather report", "Feelings")
"""Categories of a prompt that nobody has seen."""

WORD = st.text("bcdefghjklmnpqrstuwxyz", min_size=3, max_size=8).map(lambda word: word + "q")
KEYWORD = st.one_of(
    WORD,
    st.tuples(WORD, WORD).map(" ".join),
    st.sampled_from(
        [
            "black-and-white", "close-up", "t-shirt", "a-frame house", "market place", "art style", "10,000 lakes",
            "st. petersburg", "c++", "1990s", "35mm", "children's toy", "new york (city)", "24/7", "under the sky",
            "all terrain vehicle", "in the rain", "notebook", "it girl", "i-beam", "the list", "맑은 하늘", "벽돌 건물",
            "골든 아워", "안녕하세요", "여름", "장소 표지판",
        ]
    ),
)  # fmt: skip
KEYWORDS = st.lists(KEYWORD, min_size=15, max_size=25, unique=True)

Layout = Callable[[Sequence[Sequence[str]], Sequence[str]], str]
"""Five groups of keywords and the names of the groups make an answer."""


def lines(form: str, between: str = "\n", comma: str = ", ") -> Layout:
    """A group a line; ``form`` has {n}, {name} and {words}."""

    def layout(groups: Sequence[Sequence[str]], names: Sequence[str]) -> str:
        return between.join(
            form.format(n=n, name=name, words=comma.join(group))
            for n, (name, group) in enumerate(zip(names, groups, strict=True), 1)
        )

    return layout


def items(head: str, item: str, between: str = "\n") -> Layout:
    """A keyword a line below the name of its group."""

    def layout(groups: Sequence[Sequence[str]], names: Sequence[str]) -> str:
        return between.join(
            "\n".join(
                [
                    head.format(n=n, name=name),
                    *(item.format(n=k, letter=chr(96 + k), word=word) for k, word in enumerate(group, 1)),
                ]
            )
            for n, (name, group) in enumerate(zip(names, groups, strict=True), 1)
        )

    return layout


def table(groups: Sequence[Sequence[str]], names: Sequence[str]) -> str:
    rows = [f"| {name} | {', '.join(group)} |" for name, group in zip(names, groups, strict=True)]
    return "\n".join(["| Category | Keywords |", "|---|---|", *rows])


def wide_table(groups: Sequence[Sequence[str]], names: Sequence[str]) -> str:
    return "\n".join([f"|{'|'.join(names)}|", "|:--" * 5 + "|", f"|{'|'.join(map(', '.join, groups))}|"])


def long_table(groups: Sequence[Sequence[str]], names: Sequence[str]) -> str:
    rows = [(word, name) for name, group in zip(names, groups, strict=True) for word in group]
    told = [f"| {n} | {word} | {name} |" for n, (word, name) in enumerate(rows, 1)]
    return "\n".join(["| # | Keyword | Category |", "| --- | --- | :-: |", *told])


def json_groups(groups: Sequence[Sequence[str]], names: Sequence[str]) -> str:
    found = [{"category": name, "keywords": group} for name, group in zip(names, groups, strict=True)]
    return f"```json\n{json.dumps(found, ensure_ascii=False, indent=1)}\n```"


LAYOUTS: dict[str, Layout] = {
    "as the prompt": lines("{n}. {name} - {words}"),
    "dash": lines("{name} - {words}"),
    "long dash": lines("{name} — {words}"),
    "dash of middle length": lines("- {name} – {words}"),
    "long dash without spaces": lines("{name}—{words}"),
    "bold and dash": lines("{n}. **{name}** - {words}"),
    "bold alone": lines("**{name}** {words}"),
    "bold line": lines("**{name}**\n{words}"),
    "dashes and paragraphs": lines("{n}) {name} - {words}", "\n\n"),
    "letters and dashes": lines("{name} - {words}", "\n"),
    "semicolons": lines("{name} — {words}", "; "),
    "brackets": lines("[{name}] {words}"),
    "korean brackets": lines("【{name}】 {words}"),
    "bullets and brackets": lines("- [{name}] {words}"),
    "colon": lines("{name}: {words}"),
    "title": lines("## {name}\n{words}", "\n\n"),
    "line above": lines("{name}\n{words}"),
    "line above in paragraphs": lines("{name}\n{words}", "\n\n"),
    "number above": lines("{n}. {name}\n{words}"),
    "bracket above": lines("[{name}]\n{words}", "\n\n"),
    "ideographic commas": lines("{n}. {name} - {words}", comma="、"),
    "line above bullets": items("{name}", "* {word}"),
    "line above bullets in paragraphs": items("{name}", "- {word}", "\n\n"),
    "number above bullets": items("{n}. {name}", "- {word}"),
    "number above bullets further in": items("{n}. {name}", "   - {word}"),
    "bullets in bullets": items("- {name}", "  - {word}"),
    "stars and plusses": items("* {name}", "    + {word}", "\n\n"),
    "line above numbers": items("{name}", "{n}. {word}", "\n\n"),
    "line above letters": items("{name}", "{letter}) {word}"),
    "line above letters with stops": items("{name}", "{letter}. {word}"),
    "colon above bullets": items("{name}:", "- {word}"),
    "table": table,
    "wide table": wide_table,
    "long table": long_table,
    "json": json_groups,
    "letters": lambda groups, names: "\n".join(
        f"{chr(97 + n)}) {word}" for n, word in enumerate(word for group in groups for word in group)
    ),
    "letters with stops": lambda groups, names: "\n".join(
        f"{chr(97 + n)}. {word}" for n, word in enumerate(word for group in groups for word in group)
    ),
    "numbers with signs": lambda groups, names: "\n".join(
        f"#{n} {word}" for n, word in enumerate((word for group in groups for word in group), 1)
    ),
    "one line": lambda groups, names: ", ".join(word for group in groups for word in group),
    "one a line": lambda groups, names: "\n".join(word for group in groups for word in group),
    "paragraphs without headings": lambda groups, names: "\n\n".join(map("\n".join, groups)),
    "lines without headings": lambda groups, names: "\n".join(map(", ".join, groups)),
    "explained": lambda groups, names: "\n".join(
        f"- {word} - what is seen in the middle of it" for group in groups for word in group
    ),
}
NAMES_MAY_BE_KEYWORDS = {
    "number above bullets", "number above bullets further in", "bullets in bullets", "stars and plusses", "wide table",
}  # fmt: skip
"""Layouts that keywords with details have too, so that only known names go."""

LEADS = [
    "",
    "Here are 20 search keywords for this picture, covering subjects, place, action and mood, and context:\n\n",
    "Here are the keywords, covering subjects, place, and mood\n\n",
    "This image shows a golden retriever, a ball, and a park. Here are the keywords:\n",
    "Sure! Based on the image, I see a dog, a ball, and grass.\n\n",
    "Search keywords by subject, place, and mood:\n\n",
    "다음은 대상, 장소, 행동과 분위기, 시각적 스타일, 맥락을 포함한 키워드입니다:\n\n",
    "이 사진의 대상, 장소, 분위기를 담은 검색 키워드입니다.\n\n",
]
TRAILS = [
    "",
    "\n\nThese keywords cover the subjects, place, action, mood, and style of the image.",
    "\n\nLet me know if you need more, fewer, or different keywords!",
    "\n\nNote: I've covered the subjects, the place, and the mood.",
    "\n\nAll keywords are in lower case, short, and without duplicates",
    "\n\n이 키워드들은 대상, 장소, 행동, 분위기를 모두 포함합니다.",
    "\n\n필요하시면 더 많은, 더 적은, 또는 다른 키워드를 말씀해 주세요.",
]


def read(answer: str, layout: str, names: Sequence[str]) -> tuple[str, ...]:
    words = parse(answer).words
    if layout not in NAMES_MAY_BE_KEYWORDS or names is not OWN:
        return words
    kept = {name.lower() for name in names}
    assert kept <= set(words)
    return tuple(word for word in words if word not in kept)


def grouped(words: list[str]) -> list[list[str]]:
    """Five groups of at least three, the last one the longest."""
    return [words[:3], words[3:6], words[6:9], words[9:12], words[12:]]


@pytest.mark.parametrize("name", LAYOUTS)
@given(words=KEYWORDS, names=st.sampled_from([ENGLISH, KOREAN, OWN]))
@settings(max_examples=10)
def test_a_layout_does_not_matter(name: str, words: list[str], names: Sequence[str]) -> None:
    answer = LAYOUTS[name](grouped(words), names)
    assert read(answer, name, names) == tuple(words)
    assert read(unicodedata.normalize("NFD", answer), name, names) == tuple(words)


@given(
    words=KEYWORDS,
    name=st.sampled_from(list(LAYOUTS)),
    names=st.sampled_from([ENGLISH, KOREAN, OWN]),
    lead=st.sampled_from(LEADS),
    trail=st.sampled_from(TRAILS),
)
@settings(max_examples=200)
def test_sentences_around_do_not_matter(
    words: list[str], name: str, names: Sequence[str], lead: str, trail: str
) -> None:
    answer = f"{lead}{LAYOUTS[name](grouped(words), names)}{trail}"
    assert read(answer, name, names) == tuple(words)


@given(
    words=KEYWORDS,
    lead=st.sampled_from([lead for lead in LEADS if not lead or lead.strip().endswith((":", "."))]),
    trail=st.sampled_from(TRAILS[1:]),
)
def test_sentences_in_the_same_line_do_not_matter(words: list[str], lead: str, trail: str) -> None:
    answer = f"{lead.strip()} {', '.join(words)}. {trail.strip()}"
    assert parse(answer).words == tuple(words)


@given(st.lists(KEYWORD, min_size=1, max_size=25))
def test_no_keyword_is_lost(words: list[str]) -> None:
    unique = tuple(dict.fromkeys(words))
    assert parse(", ".join(words)).words == unique
    assert parse(joined(words)).words == unique


def test_answers_with_nothing_in_common_share_nothing() -> None:
    one, other = (
        set(parse(LEADS[1] + ", ".join(letter * 3 + end for end in "abcdefghijklmno")).words)
        for letter in "xy"
    )
    assert len(one) == len(other) == 15
    assert not one & other


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_shipped_prompts_categories_are_no_keywords(language: str) -> None:
    shipped = resources.files("stillroom.project") / "prompts" / f"{language}.toml"
    prompt = tomllib.loads(shipped.read_text("utf-8"))["user"]
    told = [line.partition(". ")[2].partition(" - ")[0] for line in prompt.split("\n") if line[:1].isdigit()]
    assert len(told) == 5
    for name in told:
        assert parse(f"{name} - sea").words == ("sea",)
        assert parse(f"{name} - sea, sky").words == ("sea", "sky")
        assert parse(f"sea, {name} - sky").words == ("sea", "sky")
        assert parse(f"{name}\n- sea\n- sky").words == ("sea", "sky")
    assert parse("\n".join(f"{name}\nsea {name[0]}\nsky {name[0]}" for name in told)).words == tuple(
        f"{word} {name[0].lower()}" for name in told for word in ("sea", "sky")
    )


TRUE_KEYWORDS = {
    "one a line": ("dog\nball\npark", ("dog", "ball", "park")),
    "a dash once": ("dog\nblue sky - clouds\npark", ("dog", "blue sky - clouds", "park")),
    "a dash in a line of commas": ("dog, well-lit - interior, park", ("dog", "well-lit - interior", "park")),
    "a few dashes": ("well-lit - interior\nday - night", ("well-lit - interior", "day - night")),
    "place among others": ("dog, place, park", ("dog", "place", "park")),
    "context in a plain list": ("dog\ncontext\npark", ("dog", "context", "park")),
    "place in bullets": ("- dog\n- place\n- park", ("dog", "place", "park")),
    "two in one line now and then": (
        "dog\nball, toy\npark\nlawn, grass",
        ("dog", "ball", "toy", "park", "lawn", "grass"),
    ),
    "paragraphs": ("dog\nball\n\npark\nlawn", ("dog", "ball", "park", "lawn")),
    "double spaced": ("people\n\ndog\n\nmood", ("people", "dog", "mood")),
    "a colon at the end": ("dog, ball, park:", ("dog", "ball", "park")),
    "initials": ("j. crew store", ("j", "crew store")),
    "brackets": ("[sea], [sky]", ("sea", "sky")),
    "greeting": ("개, 공원\n간판, 안녕하세요", ("개", "공원", "간판", "안녕하세요")),
    "numbers": ("3-piece suit, 1-dog show, sea", ("3-piece suit", "1-dog show", "sea")),
    "like a sentence": ("i love you balloon, heart, card\nred, pink", ("i love you balloon", "heart", "card", "red", "pink")),
    "like a sentence, with a stop": ("this is it, poster, cinema. sea, sky", ("this is it", "poster", "cinema", "sea", "sky")),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE_KEYWORDS)
def test_what_only_looks_like_a_heading_stays(name: str) -> None:
    text, words = TRUE_KEYWORDS[name]
    assert parse(text).words == words


TRICKY = {
    "known name alone": ("Subjects - dog, ball", ("dog", "ball")),
    "in one line": ("Subjects - dog, ball, Place - park", ("dog", "ball", "park")),
    "one keyword each": ("Subjects - dog\nPlace - park", ("dog", "park")),
    "bracket alone": ("[주제] 개", ("개",)),
    "letter alone": ("a) dog", ("dog",)),
    "letters in one line": ("a. dog b. ball c. park", ("dog", "ball", "park")),
    "letters and commas": ("A. dog, B. ball, C. park", ("dog", "ball", "park")),
    "roman numbers": ("i. dog\nii. ball\niii. park", ("dog", "ball", "park")),
    "korean letters": ("가. 개\n나. 공\n다. 공원", ("개", "공", "공원")),
    "korean letters in brackets": ("가) 개\n나) 공", ("개", "공")),
    "numbers and ideographic commas": ("1、dog\n2、ball", ("dog", "ball")),
    "numbers and dashes with spaces": ("1 - dog, 2 - ball", ("dog", "ball")),
    "explained in a line below": (
        "1. Dog\n - a brown dog that runs\n2. Ball\n - a red ball on grass\n3. Park\n - a wide park with trees",
        ("dog", "ball", "park"),
    ),
    "boxes": ("- [ ] dog\n- [x] ball", ("dog", "ball")),
    "table without a rule": ("| sea | sky |\n| sun | moon |", ("sea", "sky", "sun", "moon")),
    "table after a lead": (
        "Here is a table:\n\nCategory | Keywords\n--- | ---\nMood | calm, warm\nColor | red\n\nEnjoy your search, and your day!",
        ("calm", "warm", "red", "enjoy your search", "your day"),
    ),
    "explanations in json": ('[{"keyword": "dog", "reason": "it runs"}]', ("dog",)),
    "nothing but a description in json": ('{"description": "dog, ball"}', ("dog", "ball")),
    "all names as keywords": ("dog, place, subjects, context", ("dog",)),
}  # fmt: skip


@pytest.mark.parametrize("name", TRICKY)
def test_what_is_no_keyword_goes(name: str) -> None:
    text, words = TRICKY[name]
    assert parse(text).words == words
