"""Keywords that layouts have in the place of headings: what is not surely a heading stays."""

# ruff: noqa: E501  (a table reads best with one case a line)

import pytest

from stillroom.keywords import joined, parse

DASHED = {
    "attributes": "color - red\nmaterial - wood\nshape - round\npattern - striped\ncondition - new",
    "korean attributes": "색상 - 빨강\n재질 - 나무\n모양 - 원형\n무늬 - 줄무늬\n상태 - 새것",
    "spaced hyphens": "close - up\nwell - lit\nlong - haired\nred - brown\nsun - kissed",
    "years": "1990 - 2000\n2000 - 2010\n2010 - 2015\n2015 - 2016\n2016 - 2017",
    "a category behind": "dog - subject\nball - subject\npark - place\nlawn - place\njoy - mood",
    "one short rest": "dog - a brown dog runs\nball - red\npark - wide\nsky - blue\nsun - low\nsea - calm",
}


@pytest.mark.parametrize("name", DASHED)
def test_short_words_behind_a_dash_explain_nothing(name: str) -> None:
    told = tuple(DASHED[name].split("\n"))
    fronts, rests = zip(*(line.split(" - ") for line in told), strict=True)
    assert parse("\n".join(told)).words == told
    assert parse(", ".join(told)).words == told
    assert parse("\n".join(f"- {line}" for line in told)).words == told
    assert (
        parse("\n".join(f"**{front}** - {rest}" for front, rest in zip(fronts, rests, strict=True))).words
        == told
    )


def test_the_weather_and_the_season_stay() -> None:
    words = parse(
        "- **Weather** - sunny\n- **Season** - summer\n- **Time** - noon\n- **Hue** - blue\n- **Sky** - clear"
    ).words
    assert words == ("weather - sunny", "season - summer", "time - noon", "hue - blue", "sky - clear")


@pytest.mark.parametrize("between", [", ", " and "])
def test_categories_with_long_phrases_are_not_the_keywords(between: str) -> None:
    answer = "\n".join(
        f"{name} - {between.join(phrases)}"
        for name, *phrases in (
            ("Lighting", "soft natural light from left", "gentle long evening shadows"),
            ("Season", "late summer in the mountains", "dry golden grass everywhere"),
            ("Weather", "calm and quiet evening sky", "slow drifting white clouds"),
            ("Color", "warm orange and deep brown", "pale blue distant hills"),
            ("Perspective", "wide view from high up", "lone figure in center"),
        )
    )
    assert not {"lighting", "season", "weather"} & set(parse(answer).words)


JSON = {
    "classes": ('[{"class":"dog","confidence":0.9},{"class":"ball","confidence":0.8}]', ("dog", "ball")),
    "category alone": ('{"category":"dog","confidence":0.95}', ("dog",)),
    "attributes": (
        '{"objects":[{"name":"dog","attributes":["brown","fluffy"]},{"name":"ball","attributes":["red"]}],"place":["park"]}',
        ("dog", "brown", "fluffy", "ball", "red", "park"),
    ),
    "tags of a name": ('{"labels":[{"name":"dog","tags":["pet"]},{"name":"sky","tags":[]}]}', ("dog", "pet", "sky")),
    "type of a subject": ('{"subject":"dog","type":"golden retriever","setting":"park"}', ("dog", "golden retriever", "park")),
    "type of a keyword": ('[{"keyword":"dog","type":"animal"},{"tag":"ball","group":"toys"}]', ("dog", "ball")),
    "named keywords": ('[{"name":"fauna","keywords":["dog"]},{"title":"flora","items":["oak"]}]', ("dog", "oak")),
    "empty keyword": ('{"keyword":"","category":"dog"}', ("dog",)),
}  # fmt: skip

GROUPS = {
    "paragraphs with a list among keywords": (
        "golden retriever\nball\ntoy, bone\n\ncity park\nlawn, field\ntrees\n\nsummer\nwarm, bright\nleisure",
        ("golden retriever", "ball", "toy", "bone", "city park", "lawn", "field", "trees", "summer", "warm", "bright", "leisure"),
    ),
    "paragraphs with two in a line": (
        "dog\nball, toy\n\npark\nlawn, field\n\nsummer\nwarm, bright",
        ("dog", "ball", "toy", "park", "lawn", "field", "summer", "warm", "bright"),
    ),
    "details in nested bullets": (
        "- Golden retriever\n  - fluffy coat\n  - wet nose\n- Tennis ball\n  - yellow\n- City park\n  - green lawn\n  - oak tree",
        ("golden retriever", "fluffy coat", "wet nose", "tennis ball", "yellow", "city park", "green lawn", "oak tree"),
    ),
    "details below numbers": (
        "1. Golden retriever\n   - fluffy coat\n   - wet nose\n2. Tennis ball\n   - yellow",
        ("golden retriever", "fluffy coat", "wet nose", "tennis ball", "yellow"),
    ),
    "one detail each": ("- dog\n  - brown\n- ball\n  - red", ("dog", "brown", "ball", "red")),
    "a few details below lines": (
        "Dog\n- fluffy coat\n- wet nose\nBall\n- yellow\nPark\n- lawn\n- oak",
        ("dog", "fluffy coat", "wet nose", "ball", "yellow", "park", "lawn", "oak"),
    ),
    "nested bullets below known names": ("- Subjects\n  - dog\n  - ball\n- Place\n  - park", ("dog", "ball", "park")),
    "nested bullets below colons": ("- Flora:\n  - oak\n  - rose\n- Fauna:\n  - dog", ("oak", "rose", "dog")),
    "paragraphs below known names": ("Subjects\ndog\nball\n\nPlace\npark\nlawn, field", ("dog", "ball", "park", "lawn", "field")),
}  # fmt: skip

KOREAN = {
    "greeting on a sign": (
        "강아지, 공원, 나무\n카페, 간판, 어서 오세요\n하늘, 구름, 여름",
        ("강아지", "공원", "나무", "카페", "간판", "하늘", "구름", "여름"),
    ),
    "birthday": (
        "강아지, 공원, 나무\n대상: 케이크, 촛불, 생일 축하해요\n하늘, 구름, 여름",
        ("강아지", "공원", "나무", "케이크", "촛불", "하늘", "구름", "여름"),
    ),
    "formal birthday": (
        "강아지, 공원, 나무\n케이크, 촛불, 생일 축하합니다\n하늘, 구름, 여름",
        ("강아지", "공원", "나무", "케이크", "촛불", "하늘", "구름", "여름"),
    ),
    "view from above": (
        "dog, ball\n위 시점, 클로즈업\n공원, 나무, 하늘",
        ("dog", "ball", "위 시점", "클로즈업", "공원", "나무", "하늘"),
    ),
    "this word": ("개, 공, 공원, 하늘\n이 단어, 저 단어", ("개", "공", "공원", "하늘", "이 단어", "저 단어")),
    "formal sentence": ("개, 공, 공원, 하늘\n개, 공원, 하늘이 보입니다.", ("개", "공", "공원", "하늘")),
    "long sentence": ("개, 공, 공원, 하늘\n개, 공원, 하늘이 모두 잘 보이네요", ("개", "공", "공원", "하늘")),
    "the keywords above": ("개, 공, 공원, 하늘\n위 키워드, 참고용", ("개", "공", "공원", "하늘")),
}  # fmt: skip

TABLES = {
    "keywords in the head": (
        "| dog | park | sky |\n|---|---|---|\n| ball | grass | cloud |\n| fetch | tree | sun |",
        ("dog", "park", "sky", "ball", "grass", "cloud", "fetch", "tree", "sun"),
    ),
    "two tables": (
        "| Keyword | Category |\n|---|---|\n| dog | animal |\n\n| Keyword | Category |\n|---|---|\n| lawn | place |",
        ("dog", "lawn"),
    ),
    "two tables without a line between": (
        "| No | Keyword |\n|---|---|\n| 1 | dog |\n| No | Keyword |\n|---|---|\n| 1 | lawn |",
        ("dog", "lawn"),
    ),
    "a list in the head": ("| Mood | calm, warm |\n|---|---|\n| Style | art, retro |", ("calm", "warm", "art", "retro")),
    "keywords with others": (
        "| Keyword | Related |\n|---|---|\n| dog | puppy, hound |\n| ball | toy, bone |",
        ("dog", "puppy", "hound", "ball", "toy", "bone"),
    ),
}  # fmt: skip

COUNTS = {
    "tents": (
        "1-person tent, 2-person tent, 3-person tent",
        ("1-person tent", "2-person tent", "3-person tent"),
    ),
    "five tents": (
        ", ".join(f"{n}-person tent" for n in range(1, 6)),
        tuple(f"{n}-person tent" for n in range(1, 6)),
    ),
    "a few": ("1-dog, 2-ball", ("1-dog", "2-ball")),
    "five": ("1-dog\n2-ball\n3-park\n4-tree\n5-sky", ("dog", "ball", "park", "tree", "sky")),
    "spaces": ("1- dog, 2- ball", ("dog", "ball")),
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(*case, id=f"{kind}: {name}")
        for kind, cases in (
            ("json", JSON),
            ("groups", GROUPS),
            ("korean", KOREAN),
            ("tables", TABLES),
            ("counts", COUNTS),
        )
        for name, case in cases.items()
    ],
)
def test_what_may_be_a_keyword_stays(text: str, words: tuple[str, ...]) -> None:
    assert parse(text).words == words
    assert parse(joined(words)).words == words
