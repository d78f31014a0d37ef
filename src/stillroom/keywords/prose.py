"""Sentences around a list, and sentences instead of one. All patterns expect folded text."""

from __future__ import annotations

import re

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
    r"keywords (?:for|are|based|that|describing|extracted)\b|(?:search )?keywords$|separated by commas?\b|"
    r"다음은|아래는|물론(?:입니다|이죠|$)|요청하신|추출한 키워드|"
    r"(?:이미지|사진|그림)(?:에서|를|을|은|는|에) .*(?:키워드|추출)"
)
# The first words with which one of the two patterns can match: most keywords need no closer look.
_LETTERS = re.compile(r"[a-z]+")
_FIRST_WORDS = frozenset({
    "sure", "certainly", "of", "okay", "here", "below", "there", "the", "following", "these", "i", "we",
    "you", "let", "please", "hope", "note", "feel", "thank", "based", "as", "if", "would", "this",
    "keywords", "search", "separated", "sorry", "my", "unfortunately", "regrettably",
})  # fmt: skip
_KOREAN_ENDS = re.compile(r"(?:니다|니까|세요|까요|네요|어요|아요|에요|예요|해요|게요|지요|드려요)$")


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
