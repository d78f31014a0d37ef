"""A quick way through the records that are built like one that was found good before.

The records of a file mostly differ in their texts and URIs alone. From a good record a pattern is made: its
line, with a gap for every text and every URI. A line that fits the pattern is the same JSON with other
strings in it, so that only rules about those strings are left; a line in which one of them is in doubt, or
that fits no pattern, goes the long way (`json` and `read_record`), the only one that words a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from json import loads

from stillroom.records.content import Reading
from stillroom.records.media import GOOD_URI, Media
from stillroom.records.reserved import reserved_words

_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_GAP = r'([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+)'
_MOST_TEMPLATES = 8
_MOST_LESSONS = 64
_MOST_GAPS = 60
_MOST_SHORTCUTS = 16


class Templates:
    """Patterns of good records, the last one that fitted first."""

    def __init__(self) -> None:
        self._known: list[_Template] = []
        self._lessons = 0

    def read(self, line: str) -> Reading | None:
        """Read a record whose shape and strings are surely good; None when that is not sure."""
        for index, template in enumerate(self._known):
            reading = template.read(line)
            if reading is not None:
                if index:
                    self._known.insert(0, self._known.pop(index))
                return reading
        return None

    def learn(self, line: str, reading: Reading) -> None:
        """Make a pattern of a record in whose shape and strings nothing was found."""
        if self._lessons >= _MOST_LESSONS or len(self._known) >= _MOST_TEMPLATES:
            return
        self._lessons += 1
        template = _Template.of(line, reading)
        if template is not None:
            self._known.append(template)


class _Template:
    """One pattern, and where the strings in its gaps belong."""

    def __init__(self, fixed: list[str], strings: list[str], is_uri: list[bool], reading: Reading) -> None:
        self._fixed = fixed
        """What stands before, between and after the gaps: one more than there are gaps."""
        self._pattern = re.compile(_GAP.join(map(re.escape, fixed)))
        self._is_uri = is_uri
        self._strings = tuple(strings)
        """The raw strings of the last line that fitted."""
        self._reading = reading
        """What was read from that line."""
        self._shortcut: tuple[list[str], list[int]] | None = None
        """As ``_fixed``, with gaps closed whose string stays the same, and the gaps that are left."""
        self._shortcuts_left = _MOST_SHORTCUTS

    @classmethod
    def of(cls, line: str, reading: Reading) -> _Template | None:
        """Cut a line at its texts and URIs; None when they are not exactly those that were read, in order."""
        fixed: list[str] = []
        strings: list[str] = []
        is_uri: list[bool] = []
        end = key_end = 0
        key = ""
        for match in _STRING.finditer(line):
            if key in ("text", "uri") and line[key_end : match.start()].strip() == ":":
                fixed.append(line[end : match.start(1)])
                strings.append(match[1])
                is_uri.append(key == "uri")
                end = match.end(1)
            key, key_end = match[1], match.end()
        fixed.append(line[end:])
        texts = [_decoded(string) for string, uri in zip(strings, is_uri, strict=True) if not uri]
        uris = [_decoded(string) for string, uri in zip(strings, is_uri, strict=True) if uri]
        if (
            texts != reading.texts
            or uris != [media.uri for media in reading.media]
            or len(strings) > _MOST_GAPS
        ):
            return None
        return cls(fixed, strings, is_uri, reading)

    def read(self, line: str) -> Reading | None:
        """What the line says when it fits and nothing in it is in doubt."""
        if self._shortcut is not None:
            reading = self._read_shortcut(line, *self._shortcut)
            if reading is not None:
                return reading
        match = self._pattern.fullmatch(line)
        if match is None:
            return None
        strings = match.groups()
        reading = self._filled(zip(range(len(strings)), strings, strict=True))
        if reading is not None and self._shortcuts_left:
            self._shortcuts_left -= 1
            self._make_shortcut(strings, reading)
        return reading

    def _make_shortcut(self, strings: tuple[str, ...], reading: Reading) -> None:
        """Close the gaps in which two lines have the same string."""
        fixed = [self._fixed[0]]
        gaps = []
        for gap, string in enumerate(strings):
            if string == self._strings[gap]:
                fixed[-1] += string + self._fixed[gap + 1]
            else:
                gaps.append(gap)
                fixed.append(self._fixed[gap + 1])
        self._shortcut = (fixed, gaps)
        self._strings = strings
        self._reading = reading

    def _read_shortcut(self, line: str, fixed: list[str], gaps: list[int]) -> Reading | None:
        if not line.startswith(fixed[0]):
            return None
        strings: list[str] = []
        start = len(fixed[0])
        for part in fixed[1:]:
            end = line.find('"', start)
            string = line[start:end]
            # What is not printable may be a control character, which JSON does not allow: the long way
            if end < 0 or not line.startswith(part, end) or "\\" in string or not string.isprintable():
                return None
            strings.append(string)
            start = end + len(part)
        return self._filled(zip(gaps, strings, strict=True)) if start == len(line) else None

    def _filled(self, found: Iterable[tuple[int, str]]) -> Reading | None:
        """The last reading with other strings in these gaps; None when a rule about one may be broken."""
        old = self._reading
        texts = old.texts.copy()
        media = old.media.copy()
        for gap, raw in found:
            place = self._place(gap)
            if self._is_uri[gap]:
                good = GOOD_URI.fullmatch(raw)
                if good is None:
                    return None
                before = media[place]
                where = before.message, before.block
                media[place] = Media(before.kind, before.format, raw, good[1], *where, is_good=True)
                continue
            text = _decoded(raw) if "\\" in raw else raw
            if not text or text.isspace() or reserved_words(text):
                return None
            texts[place] = text
        return Reading(texts, old.from_user, media, old.has_system, old.has_tools, old.mixed, old.parts)

    def _place(self, gap: int) -> int:
        """The index of a gap among the texts, or among the media."""
        return self._is_uri[:gap].count(self._is_uri[gap])


@lru_cache(maxsize=64)
def _decoded(raw: str) -> str:
    """The string that stands between two quotes of JSON; prompts come back in every record."""
    text: str = loads(f'"{raw}"')
    return text
