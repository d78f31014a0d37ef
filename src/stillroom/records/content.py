"""Rules about the shape of one record: system, messages, roles, blocks and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stillroom.records.building import SCHEMA_VERSION
from stillroom.records.media import Add, Media, quoted, read_media, unknown_keys
from stillroom.records.reserved import DOCUMENTED, reserved_words
from stillroom.records.tools import check_reasoning, check_tools
from stillroom.records.values import TargetModel

_RECORD_KEYS = frozenset({"schemaVersion", "system", "messages", "toolConfig"})
_MESSAGE_KEYS = frozenset({"role", "content"})
_TEXT_KEYS = frozenset({"text"})
_MEDIA_KINDS = ("image", "video", "document")
_KINDS = frozenset({"text", *_MEDIA_KINDS, "reasoningContent", "toolUse", "toolResult"})
_OTHER_RECIPES = frozenset({"prompt", "completion", "input", "output", "text", "tools", "reference_answer"})
_ROLES = ("user", "assistant")
MOST_IMAGES = 10

PARTS = ("system", *_MEDIA_KINDS, "toolConfig")
"""What a record may have or not."""


@dataclass(slots=True)
class Reading:
    """What is left to look at when a record's shape was checked."""

    texts: list[str] = field(default_factory=list)
    """All texts, in order."""
    from_user: list[bool] = field(default_factory=list)
    """For each text, whether the user says it."""
    media: list[Media] = field(default_factory=list)
    has_system: bool = False
    has_tools: bool = False
    mixed: bool = False
    """A message mixes video with other media, and that was said."""
    parts: tuple[str, ...] = ()
    """Which optional parts the record has, of `PARTS`."""

    @property
    def question(self) -> list[str]:
        """The user's texts."""
        return [text for text, is_question in zip(self.texts, self.from_user, strict=True) if is_question]


def _parts_of(reading: Reading) -> tuple[str, ...]:
    kinds = {media.kind for media in reading.media}
    if reading.has_system:
        kinds.add("system")
    if reading.has_tools:
        kinds.add("toolConfig")
    return tuple(part for part in PARTS if part in kinds)


def read_record(record: Mapping[str, Any], model: TargetModel, add: Add) -> Reading | None:
    """Check one record and collect its texts and media.

    Args:
        record: The parsed line.
        model: What is to be trained.
        add: Called for each finding.

    Returns:
        None when there are no messages to read.
    """
    messages = record.get("messages")
    if not record.keys() <= _RECORD_KEYS or type(messages) is not list:
        if _is_other_recipe(record):
            add("other-recipe", "", f"the record has {quoted(', '.join(sorted(record)))}")
            return None
        unknown_keys(record, _RECORD_KEYS, "", add)
    if type(messages) is not list:
        add("no-messages", "messages", "messages is missing or no list")
        return None
    reading = Reading()
    if record.get("schemaVersion") != SCHEMA_VERSION:
        _check_version(record.get("schemaVersion"), add)
    if record.get("system") is not None:
        reading.has_system = True
        _read_system(record["system"], reading, add)
    if len(messages) < 2:
        count = "there is 1 message" if messages else "there is no message"
        add("too-few-messages", "messages", f"{count} where both roles are needed")
    else:
        _check_roles(messages, add)
    uses_tools = False
    for index, message in enumerate(messages):
        if type(message) is dict:
            uses_tools |= _read_message(message, index, model, reading, add)
        else:
            add("no-messages", f"messages[{index}]", "the message is no object")
    reading.has_tools = record.get("toolConfig") is not None
    if uses_tools or reading.has_tools:
        check_tools(record, messages, add)
    if reading.media:
        _check_numbers(reading, model, add)
    reading.parts = _parts_of(reading)
    return reading


def _is_other_recipe(record: Mapping[str, Any]) -> bool:
    """Preference pairs, reinforcement, plain text, or the prompt-completion pairs of older models."""
    messages = record.get("messages")
    if not isinstance(messages, list):
        return "messages" not in record and not _OTHER_RECIPES.isdisjoint(record)
    return "tools" in record or "reference_answer" in record


def _check_version(version: object, add: Add) -> None:
    if version is None:
        add("schema-version-missing", "schemaVersion", "schemaVersion is missing")
    elif isinstance(version, str):
        add("schema-version-value", "schemaVersion", f"schemaVersion is {quoted(version)}")
    else:
        add("schema-version-type", "schemaVersion", "schemaVersion is no string")


def _read_system(system: object, reading: Reading, add: Add) -> None:
    if type(system) is not list:
        add("system-shape", "system", "system is no list")
        return
    for index, item in enumerate(system):
        text = item.get("text") if type(item) is dict else None
        if type(text) is not str:
            add("system-shape", f"system[{index}]", "the item has no text")
            continue
        if len(item) > 1:
            if item.keys().isdisjoint(_MEDIA_KINDS):
                unknown_keys(item, _TEXT_KEYS, f"system[{index}]", add)
            else:
                add("system-shape", f"system[{index}]", "system holds media")
        reading.texts.append(text)
        reading.from_user.append(False)
        _check_words(text, f"system[{index}].text", add)


def _check_words(text: str, where: str, add: Add) -> None:
    for word in reserved_words(text):
        rule = "reserved-word" if word in DOCUMENTED else "reserved-word-wide"
        add(rule, where, f"the text has the reserved word {quoted(word)}")


def _check_roles(messages: list[Any], add: Add) -> None:
    role: object = None
    in_order = True
    for index, message in enumerate(messages):
        role = message.get("role") if type(message) is dict else None
        expected = _ROLES[index % 2]
        if role == expected:
            continue
        where = f"messages[{index}].role"
        lower = role.lower() if isinstance(role, str) else None
        if lower not in _ROLES:
            add(
                "role-unknown",
                where,
                f"the role is {quoted(role)}" if role is not None else "the role is missing",
            )
            return
        if lower != role:
            add("role-case", where, f"the role is written {quoted(role)}")
            role = lower
        if lower != expected and in_order:
            in_order = False
            add("role-order", where, f"the role is {quoted(lower)} where {expected} is due")
    if in_order and role != "assistant":
        add("last-role", f"messages[{len(messages) - 1}].role", f"the last role is {quoted(role)}")


def _read_message(
    message: Mapping[str, Any], index: int, model: TargetModel, reading: Reading, add: Add
) -> bool:
    """Check one message; True when it uses tools."""
    if not message.keys() <= _MESSAGE_KEYS:
        if "candidates" in message:
            add(
                "other-recipe", f"messages[{index}].candidates", "the message has candidates to prefer one of"
            )
            return False
        unknown_keys(message, _MESSAGE_KEYS, f"messages[{index}]", add)
    content = message.get("content")
    if type(content) is not list:
        add("content-shape", f"messages[{index}].content", "content is missing or no list")
        return False
    from_assistant = str(message.get("role")).lower() == "assistant"
    texts: list[str] = []
    kinds: set[str] = set()
    media_before = len(reading.media)
    for position, block in enumerate(content):
        if type(block) is not dict:
            add("content-shape", f"messages[{index}].content[{position}]", "the block is no object")
            continue
        if len(block) == 1 and type(block.get("text")) is str:
            texts.append(block["text"])
            _check_words(block["text"], f"messages[{index}].content[{position}].text", add)
            kinds.add("text")
        else:
            _read_block(block, index, position, model, reading, texts, kinds, add)
    reading.texts += texts
    reading.from_user += [not from_assistant] * len(texts)
    _check_message(index, from_assistant, content, texts, kinds, media_before, reading, add)
    if "reasoningContent" in kinds:
        check_reasoning(content, index, model, from_assistant, reading.texts, add)
        reading.from_user += [False] * (len(reading.texts) - len(reading.from_user))
    return "toolUse" in kinds or "toolResult" in kinds


def _read_block(
    block: Mapping[str, Any],
    index: int,
    position: int,
    model: TargetModel,
    reading: Reading,
    texts: list[str],
    kinds: set[str],
    add: Add,
) -> None:
    where = f"messages[{index}].content[{position}]"
    present = [kind for kind, value in block.items() if kind in _KINDS and value is not None]
    if not present:
        rule = "block-unknown"
        add(rule, where, f"the block has {quoted(', '.join(block))}" if block else "the block is empty")
        return
    unknown_keys(block, _KINDS, where, add)
    if (
        len(present) > 1
        and "reasoningContent" not in present
        and not {"toolUse", "toolResult"} <= set(present)
    ):
        add("block-mixed", where, f"the block has {', '.join(present)}")
    if "reasoningContent" in present:  # media beside it break a rule of their own
        present = [kind for kind in present if kind not in _MEDIA_KINDS]
    kinds.update(present)
    for kind in present:
        if kind == "text":
            if not isinstance(block["text"], str):
                add("content-shape", f"{where}.text", "text is no string")
                continue
            texts.append(block["text"])
            _check_words(block["text"], f"{where}.text", add)
        elif kind in _MEDIA_KINDS:
            media = read_media(kind, block[kind], index, position, model, add)
            if media is not None:
                reading.media.append(media)


def _check_message(
    index: int,
    from_assistant: bool,
    content: list[Any],
    texts: list[str],
    kinds: set[str],
    media_before: int,
    reading: Reading,
    add: Add,
) -> None:
    """Rules about a message as a whole."""
    where = f"messages[{index}].content"
    if not content or kinds == {"reasoningContent"}:
        add("empty-content", where, "the message says nothing")
    media_kinds = kinds.intersection(_MEDIA_KINDS)
    if texts and not any(texts):
        if not media_kinds and "reasoningContent" not in kinds:
            add("empty-text", where, "the text is empty")
    elif from_assistant and texts and not any(text.strip() for text in texts):
        add("blank-label", where, "the answer is blank")
    if not media_kinds:
        return
    if from_assistant:
        found = reading.media[media_before:]
        at = found[0].field if found else where
        add("assistant-media", at, f"the assistant's message has {' and '.join(sorted(media_kinds))}")
    if "video" in media_kinds and len(media_kinds) > 1:
        reading.mixed = True
        add("video-with-others", where, f"the message has {' and '.join(sorted(media_kinds))}")


def _check_numbers(reading: Reading, model: TargetModel, add: Add) -> None:
    """How many media a record has, and whether the model takes them at all."""
    media = reading.media
    if model is TargetModel.MICRO:
        add("micro-media", media[0].field, f"Nova Micro takes no {media[0].kind}")
        return
    if len(media) == 1 and media[0].kind == "image":
        return
    kinds = [item.kind for item in media]
    if kinds.count("image") > MOST_IMAGES:
        add("too-many-images", "messages", f"the record has {kinds.count('image')} images")
    if kinds.count("video") > 1:
        add("too-many-videos", "messages", f"the record has {kinds.count('video')} videos")
    if "document" in kinds:
        if model is not TargetModel.LITE_2:
            add("document-model", media[kinds.index("document")].field, f"Nova {model} takes no documents")
        if kinds.count("document") > 1:
            add("too-many-documents", "messages", f"the record has {kinds.count('document')} documents")
