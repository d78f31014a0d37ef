"""Answers as models write them."""

# ruff: noqa: E501  (a table reads best with one case a line)

import unicodedata

import pytest

from stillroom.keywords import joined, parse, split_joined

LISTS = {
    "commas": ("Sea, Blue Sky,sunset", ("sea", "blue sky", "sunset")),
    "other commas": ("sea，sky、sun；moon،star;dusk", ("sea", "sky", "sun", "moon", "star", "dusk")),
    "lines": ("sea\nblue sky\r\nsunset\u2028dusk", ("sea", "blue sky", "sunset", "dusk")),
    "bullets": ("- sea\n* blue sky\n• sunset\n· dusk", ("sea", "blue sky", "sunset", "dusk")),
    "inline bullets": ("sea • blue sky • sunset", ("sea", "blue sky", "sunset")),
    "middle dots": ("바다 · 하늘 · 구름", ("바다", "하늘", "구름")),
    "numbers": ("1. sea\n2) blue sky\n(3) sunset", ("sea", "blue sky", "sunset")),
    "inline numbers": ("1. sea 2. sky 3. sun", ("sea", "sky", "sun")),
    "number signs": ("① sea ② sky ③ sun", ("sea", "sky", "sun")),
    "keycaps": ("1️⃣ sea 2️⃣ sky", ("sea", "sky")),
    "quotes": ("\"sea\", 'blue sky', “sunset”, ‘dusk’, 「바다」, «mer»", ("sea", "blue sky", "sunset", "dusk", "바다", "mer")),
    "headings": ("Subjects: woman, dog\n**Mood**: calm\n**Style:** bokeh", ("woman", "dog", "calm", "bokeh")),
    "headings in one line": ("Subjects: woman, dog; Mood: calm", ("woman", "dog", "calm")),
    "korean headings": ("주제: 바다, 하늘\n분위기 : 고요함", ("바다", "하늘", "고요함")),
    "titles": ("### Subjects\n- woman\n### Mood\n- calm", ("woman", "calm")),
    "bold titles": ("**Subjects**\nsea, sky\n**Mood**\ncalm", ("sea", "sky", "calm")),
    "bold in a word": ("A**\u0300**, blue ** sky", ("à", "blue sky")),
    "bold words": ("**sea**\n**sky**\n**sun**", ("sea", "sky", "sun")),
    "fence": ("```\nsea, sky\n```", ("sea", "sky")),
    "named fence": ("```text\nsea\nsky\n```", ("sea", "sky")),
    "fence in a line": ("```sea, sky```", ("sea", "sky")),
    "json": ('["sea", "blue sky"]', ("sea", "blue sky")),
    "json between prose": ('Here you go:\n```json\n["sea", "blue sky"]\n```\nLet me know!', ("sea", "blue sky")),
    "json by category": ('{"subjects": ["sea", "dog"], "mood": {"main": "calm"}, "count": 3}', ("sea", "dog", "calm")),
    "json escapes": ('["\\u00c9t\\u00e9"]', ("été",)),
    "broken json": ('["sea", "blue sky"', ("sea", "blue sky")),
    "slashes": ("sea / blue sky / sunset", ("sea", "blue sky", "sunset")),
    "two slashes": ("sea / blue sky", ("sea", "blue sky")),
    "slashes in words": ("24/7 / black/white / sea", ("24/7", "black/white", "sea")),
    "arrows": ("sea -> blue sky→sunset --> dusk", ("sea", "blue sky", "sunset", "dusk")),
    "bars": ("sea | blue sky|sunset", ("sea", "blue sky", "sunset")),
    "two languages": ("sea / 바다, sky / 하늘", ("sea / 바다", "sky / 하늘")),
    "slash in a list": ("sea / ocean, sky", ("sea / ocean", "sky")),
    "arrow bullets": ("→ sea\n-> blue sky", ("sea", "blue sky")),
    "table": ("| sea | sky |", ("sea", "sky")),
    "lead": ("Here are the keywords: sea, sky", ("sea", "sky")),
    "lead with commas": ("Sure! Here's a list, separated by commas: sea, sky", ("sea", "sky")),
    "lead in a line": ("Here are 20 keywords for this picture\nsea, sky", ("sea", "sky")),
    "korean lead": ("다음은 키워드입니다: 바다, 하늘", ("바다", "하늘")),
    "korean lead in a line": ("다음은 이미지에서 추출한 키워드입니다.\n바다, 하늘", ("바다", "하늘")),
    "trail": ("sea, sky. Let me know if you need more!", ("sea", "sky")),
    "korean trail": ("바다, 하늘\n도움이 되셨길 바랍니다!", ("바다", "하늘")),
    "last and": ("sea, sky, and sun", ("sea", "sky", "sun")),
    "full stop": ("sea, sky.", ("sea", "sky")),
    "thousands": ("10,000 lakes, 1,250,000 people, 2019,2020", ("10,000 lakes", "1,250,000 people", "2019", "2020")),
    "colon in numbers": ("ratio 16:9, 10:30 am", ("ratio 16:9", "10:30 am")),
    "abbreviations": ("St. Petersburg, Mt. Fuji, John F. Kennedy", ("st. petersburg", "mt. fuji", "john f. kennedy")),
    "signs": ("C++, C#, 100%, $5, #sunset, children’s toy", ("c++", "c#", "100%", "$5", "sunset", "children's toy")),
    "brackets": ("New York (City), (sea), [sky]", ("new york (city)", "sea", "sky")),
    "decimals": ("3.5 mm lens, 1.5x", ("3.5 mm lens", "1.5x")),
    "full width": ("ＳＥＡ， ｓｋｙ", ("sea", "sky")),
    "white space": ("blue \u00a0 sky,\tsea\u200b", ("blue sky", "sea")),
    "emoji": ("🌊 ocean, 🌅", ("ocean",)),
    "folded case": ("STRASSE, straße", ("strasse",)),
    "hyphens": ("black-and-white, close-up", ("black-and-white", "close-up")),
    "words like prose": ("Great Wall, sure shot, hereford cattle, this way", ("great wall", "sure shot", "hereford cattle", "this way")),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read(name: str) -> None:
    text, words = LISTS[name]
    found = parse(text)
    assert found.words == words
    assert found.readable
    assert not found.refusal


def test_nfd_is_nfc() -> None:
    text = "사진, 바다, café"
    assert parse(unicodedata.normalize("NFD", text)).words == parse(text).words == ("사진", "바다", "café")


def test_copies_are_counted() -> None:
    found = parse("sea, Sky, SEA, “sea”, sky")
    assert found.words == ("sea", "sky")
    assert found.duplicates == 3


@pytest.mark.parametrize(
    ("count", "remark"),
    [
        (1, "1 keyword, fewer than 3"),
        (2, "2 keywords, fewer than 3"),
        (3, ""),
        (5, ""),
        (6, "6 keywords, more than 5"),
    ],
)
def test_a_list_outside_the_bounds_still_counts(count: int, remark: str) -> None:
    found = parse(", ".join("abcdefgh"[:count]), low=3, high=5)
    assert len(found.words) == count
    assert found.readable
    assert found.remark == remark


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, I cannot describe this image.",
        "I am very sorry but this request goes too far.",
        "Sorry, I can't do that.",
        "I apologize, but I am unable to view this picture.",
        "Unfortunately, I'm not able to identify people.",
        "I cannot provide keywords for this image.",
        "As an AI, I do not see pictures.",
        "I'm sorry, but I can't identify people, describe faces, name persons, guess ages, races, or religions.",
        "죄송합니다. 이 이미지를 분석할 수 없습니다.",
        "죄송하지만 도와드릴 수 없습니다.",
        "안타깝게도 이 사진은 볼 수 없어요.",
    ],
)
def test_a_refusal_is_recognised(text: str) -> None:
    found = parse(text)
    assert found.refusal
    assert not found.readable
    assert found.words == ()
    assert found.remark


@pytest.mark.parametrize(
    "text",
    [
        "sorry, card, apology, letter, pink",
        "sorry",
        "apology card, 'I'm sorry', flowers",
        "I'm sorry for the wait. Here they are:\nsea, sky, sun, moon, star",
        "죄송합니다만 제가 본 것은 다음과 같습니다:\n바다, 하늘, 구름, 해변, 모래",
    ],
)
def test_a_list_is_no_refusal(text: str) -> None:
    found = parse(text)
    assert not found.refusal
    assert found.readable


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "...",
        "🌊",
        "```\n```",
        "[]",
        "{}",
        "[" * 100_000,
        "The image shows a beautiful sunset over the ocean with a woman and her dog.",
        "The image shows a woman / a man who walks / a dog that runs along the beach.",
        "The picture shows a woman, walking along the long beach, with her brown dog. The sun is setting slowly, casting a warm glow over everything.",
        "이 사진은 바다와 하늘을 보여 줍니다.",
    ],
)
def test_what_is_no_list_cannot_be_read(text: str) -> None:
    found = parse(text)
    assert not found.readable
    assert not found.refusal
    assert found.words == ()
    assert found.remark


def test_the_stored_form() -> None:
    words = ("sea", "10,000 lakes")
    assert joined(words) == "sea\n10,000 lakes"
    assert split_joined(joined(words)) == words
    assert split_joined("") == ()
    assert joined(()) == ""


@pytest.mark.parametrize(
    "text",
    [
        "<thinking>I see the sea, and a boat.\nAlso sand.</thinking>\nsea, sky",
        "<think>hm, a boat</think> sea, sky",
        "sea, sky\n<Thinking>Did I forget the boat, or the sand?</Thinking>",
        "A boat, perhaps.</thinking>\n\nsea, sky",
    ],
)
def test_what_a_model_says_to_itself_is_no_keyword(text: str) -> None:
    assert parse(text).words == ("sea", "sky")


def test_nothing_but_thoughts_is_no_list() -> None:
    assert not parse("<thinking>sea, sky, sand</thinking>").readable
