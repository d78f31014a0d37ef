"""Sentences around a list, and sentences instead of one. All patterns expect folded text."""

from __future__ import annotations

import re

from stillroom.keywords.cutting import SEPARATOR, STOP, is_abbreviated, is_separated

MOST_WORDS = 8
"""An item of more words than this is a sentence, not a keyword."""

_APOLOGY = r"(?:i'm|i am|we're|we are) (?:so |very |really |truly )?sorry"
_CANNOT = (
    r"(?:i|we) (?:can't|cannot|can not|could not|couldn't|won't|will not|must decline|have to decline|"
    r"am unable|are unable|am not able|am not comfortable|do not feel comfortable|don't feel comfortable)|"
    r"(?:i'm|we're) (?:unable|not able|not comfortable)"
)
_REFUSAL = re.compile(
    rf"\W*(?:{_APOLOGY}[^\w\n]*(?:$|but|i\b|i'|we\b|that|this|for|about|however|as an ai)|"
    rf"sorry[^\w\n]+(?:but|i\b|i'|we\b|that|this|about|for)|"
    rf"(?:i|we) apologi[sz]e|my apologies|"
    rf"(?:unfortunately|regrettably)[^\w\n]+(?:{_CANNOT}|this (?:image|picture|photo))|"
    rf"as an? (?:ai|language model)|{_CANNOT}|"
    rf"(?:this|the) (?:request|content) (?:violates|was blocked|cannot be)|"
    r"죄송하지만|죄송합니다|죄송해요|미안하지만|미안합니다|유감스럽게도|유감이지만|안타깝게도|"
    r"(?:저는|이|해당) .{0,40}(?:수 없습니다|수 없어요|어렵습니다))"
)
_DECLINES = re.compile(rf"(?:{_CANNOT})\b|수 없습니다|수 없어요|어렵습니다")

_STARTS = re.compile(
    r"(?:sure|certainly|of course|okay)(?:$| (?:here|i|thing|these|below)\b)|"
    r"here(?:'s| is| are)\b|below (?:is|are)\b|there (?:is|are)\b|"
    r"(?:the )?following (?:is|are|list|keywords?|words|terms)\b|these (?:are|keywords|terms|words)\b|"
    r"(?:i|i've|i'm|i'll|we|you) (?:have|hope|can|am|will|think|tried|made|used|see|generated|need|would|"
    r"included|listed|identified|could|cannot|can't|don't|do|was|were|also|want|unable|sorry|not)\b|"
    r"let me\b|please (?:note|let|feel|find)\b|hope (?:this|these|that)\b|note that\b|feel free\b|"
    r"thank you for\b|based on (?:the|this|your|what)\b|as (?:requested|an ai)\b|if you\b|would you like\b|"
    r"(?:this|the) (?:image|picture|photo|photograph|scene|list|keywords?) (?:is|are|has|have|was|were|can|"
    r"shows?|depicts?|features?|captures?|contains?|includes?|covers?|represents?|provides?|above|below)\b|"
    r"keywords (?:for|are|based|that|describing|extracted)\b|separated by commas?\b|"
    r"(?:list of )?(?:search |image )?keywords$|keyword list$|search terms$|"
    r"(?:(?:이미지|사진|검색|추출) )*키워드(?: 목록)?$|검색어(?: 목록)?$|"
    r"다음은|아래는|물론(?:입니다|이죠|$)|요청하신|추출한 키워드|"
    r"(?:이미지|사진|그림)(?:에서|를|을|은|는|에) .*(?:키워드|추출)"
)
# The first words with which one of the two patterns can match: most keywords need no closer look.
_LETTERS = re.compile(r"[a-z]+")
_FIRST_WORDS = frozenset({
    "sure", "certainly", "of", "okay", "here", "below", "there", "the", "following", "these", "i", "we",
    "you", "let", "please", "hope", "note", "feel", "thank", "based", "as", "if", "would", "this",
    "keywords", "keyword", "image", "list", "search", "separated", "sorry", "my", "unfortunately",
    "regrettably",
})  # fmt: skip
# What begins a sentence only if commas follow: "they include wine" may be a keyword, cut at no comma.
_OF_A_PICTURE = r"(?:image|picture|photo|photograph|scene)"
_OF_A_LIST = r"(?:keywords?|words|terms|tags|list|selection|set|phrases)"
_TELLS = (
    r"(?:is|are|was|were|has|have|should|will|can|also|all|both|cover|covers|covering|covered|include|includes|"
    r"including|describe|describes|describing|capture|captures|capturing|reflect|reflects|represent|represents|"
    r"span|spans|focus|focuses|follow|follows|highlight|highlights|range|ranges|show|shows|depict|depicts|"
    r"display|displays|feature|features|contain|contains|portray|portrays|present|presents|convey|conveys|"
    r"suggest|suggests|evoke|evokes|address|addresses|encompass|encompasses|touch|relate|relates)"
)
_TALKS = re.compile(
    rf"(?:these|those|the|all|all of the|my|this|your|both)(?: \w+){{0,3}}? {_OF_A_LIST}(?: \w+)? {_TELLS}\b|"
    rf"(?:search |image |relevant )*keywords (?:{_TELLS}|about|to|by|grouped|sorted)\b|"
    rf"(?:they|it|which|together they|each|each keyword) {_TELLS}\b|"
    rf"(?:this|the|your)(?: \w+)? {_OF_A_PICTURE}(?: \w+)? {_TELLS}\b|"
    r"(?:in|for|from|given|describing|looking at|analy[sz]ing|to describe) "
    rf"(?:this|the|your)(?: \w+)? {_OF_A_PICTURE}\b|"
    r"i(?:'ve|'ll| have| will)? (?:\w+ly )?(?:cover|focus|provid|organi[sz]|group|select|chose|chosen|creat|"
    r"list|us|tried|aim|includ|suggest|identif|extract|describ|pick|order|sort|see|notic|avoid|ke)[a-z]*\b|"
    r"notes?:|note\b.{0,12}:|tip:|(?:yes|absolutely|great|alright)\W+(?:here|i|these)\b|"
    r"이 (?:이미지|사진|그림|키워드)|(?:위의?|이상은?) (?:키워드|검색어|목록|단어)|이 (?:검색어|목록)|"
    r"(?:이미지|사진|그림)(?:에서|를|을|은|는|에|의) .*(?:키워드|검색어|추출)"
)
_FIRST_OF_TALK = _FIRST_WORDS | frozenset({
    "those", "all", "your", "both", "relevant", "they", "it", "which", "together", "each", "in", "for",
    "from", "given", "describing", "looking", "analyzing", "analysing", "to", "note", "notes", "tip", "yes",
    "absolutely", "great", "alright",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_COLON = re.compile(r"(?<!\d):|:(?!\d)")
_KOREAN_ENDS = re.compile(r"(?:니다|니까|세요|까요|네요|어요|아요|에요|예요|해요|게요|지요|드려요)$")

_KOREAN_TELLS = re.compile(
    r"(?<!축하합)(?<!감사합)(?<!환영합)(?<!사랑합)(?<!고맙습)(?<!반갑습)(?:니다|니까)$"
)
"""The formal end of a sentence, and none of those that stand on signs and cakes."""


def is_refusal(text: str, readable_words: int) -> bool:
    """Whether a folded answer declines instead of answering.

    A list that contains "sorry" does not begin with an apology and goes on with "but I …"; an answer that
    apologises and then lists keywords all the same counts as a list.

    Args:
        text: The whole answer.
        readable_words: How many keywords can be read from it.
    """
    if not _REFUSAL.match(text):
        return False
    if readable_words < 5:
        return True
    # "I'm sorry, but I can't name people, places, brands, …" has commas and is still no list
    head, line_feed, _ = text.strip().partition("\n")
    return not line_feed and ":" not in head and _DECLINES.search(head) is not None


def is_sentence(item: str) -> bool:
    """Whether a bare, folded item is a sentence or a piece of one rather than a keyword."""
    spaces = item.count(" ")
    if spaces >= MOST_WORDS:
        return True
    if not item.isascii() and spaces and _KOREAN_ENDS.search(item):
        return True
    letters = _LETTERS.match(item)
    if letters and letters[0] not in _FIRST_WORDS:
        return False
    return _STARTS.match(item) is not None or _REFUSAL.match(item) is not None


def without_prose(text: str) -> str:
    """Leave out sentences with commas around a list, before the commas make keywords of them.

    Gone is a sentence up to its full stop, or up to its colon where it leads to the list. A line with commas
    and a colon at its end leads to the lines that follow. A sentence without a colon goes only if at least as
    much is left as it would be cut into: "there is a light, music" is a list if it is all.

    Args:
        text: A folded answer.
    """
    is_plain = "\n" not in text and ":" not in text and not STOP.search(text)
    if is_plain or not is_separated(text):
        return text
    lines = text.rstrip().split("\n")
    last = len(lines) - 1
    kept, doubtful = [], []
    for number, line in enumerate(lines):
        if is_separated(line):
            line, spans = _without_leads(line, followed=number < last)
            doubtful += [(number, start, stop) for start, stop in spans]
        kept.append(line)
    if not doubtful:
        return "\n".join(kept)
    sizes = [_size(kept[number][start:stop]) for number, start, stop in doubtful]
    left = sum(map(_size, kept)) - sum(sizes)
    for (number, start, stop), size in sorted(zip(doubtful, sizes, strict=True), reverse=True):
        if size <= left:
            kept[number] = f"{kept[number][:start]}\n{kept[number][stop:]}"
    return "\n".join(kept)


def _size(text: str) -> int:
    """Into how many pieces a text would be cut, empty ones among them."""
    return len(SEPARATOR.findall(text)) + 1 if text.strip() else 0


def _without_leads(line: str, *, followed: bool) -> tuple[str, list[tuple[int, int]]]:
    """Leave out what leads to a list by its colon; tell where other sentences with separators stand."""
    stops = [match.start() for match in STOP.finditer(line)]
    text, spans, start = "", [], 0
    for stop in [*stops, len(line)]:
        if stop < len(line) and line[stop] == "." and is_abbreviated(line, start, stop):
            continue
        span = line[start : stop + 1]
        start = stop + 1
        behind, colon = _lead(span, followed=followed and stop == len(line))
        if colon:
            text += "\n"
            span = span[behind:]
        if is_separated(span) and _talks(span):
            spans.append((len(text), len(text) + len(span)))
        text += span
    return text, spans


def _lead(span: str, *, followed: bool) -> tuple[int, bool]:
    """How long the lead of a sentence is, with its colons, and whether there is one."""
    behind = 0
    end = len(span.rstrip("* ")) if followed else -1
    for match in _COLON.finditer(span):
        lead = span[behind : match.start()]
        if not (_talks(lead) or (match.end() == end and not behind and is_separated(lead))):
            break
        behind = match.end()
    return behind, behind > 0


def _talks(span: str) -> bool:
    """Whether something with commas is one sentence: it begins as one, or ends as one in Korean."""
    word = _WORD.search(span)
    if word is None:
        return False
    if not span.isascii() and _KOREAN_ENDS.search(end := span.rstrip(" .!?*\"')")):
        # "간판, 안녕하세요" and "카페, 어서 오세요" are lists: of a short last piece only that goes
        words = SEPARATOR.split(end)[-1].split()
        if len(words) >= 3 or (len(words) == 2 and _KOREAN_TELLS.search(end)):
            return True
    if word[0].isascii() and word[0] not in _FIRST_OF_TALK:
        return False
    return _TALKS.match(span, word.start()) is not None or _STARTS.match(span, word.start()) is not None
