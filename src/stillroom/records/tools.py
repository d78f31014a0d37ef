"""Rules about reasoning and tools, which records may carry for Nova 2 Lite (AWS's newer validator, V2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stillroom.records.media import Add, quoted
from stillroom.records.reserved import DOCUMENTED, reserved_words
from stillroom.records.values import TargetModel


def check_reasoning(
    content: list[Any], index: int, model: TargetModel, from_assistant: bool, texts: list[str], add: Add
) -> None:
    """Check the ``reasoningContent`` blocks of a message and add their texts to ``texts``."""
    for position, block in enumerate(content):
        if not isinstance(block, dict) or block.get("reasoningContent") is None:
            continue
        where = f"messages[{index}].content[{position}].reasoningContent"
        if model is not TargetModel.LITE_2:
            add("reasoning-model", where, f"Nova {model} takes no reasoning")
        if not from_assistant:
            add("reasoning-role", where, "reasoning stands in the user's message")
        if block.get("image") is not None or block.get("video") is not None:
            add("reasoning-media", where, "the block has reasoning and media")
        reasoning = block["reasoningContent"]
        inner = reasoning.get("reasoningText") if isinstance(reasoning, dict) else None
        text = inner.get("text") if isinstance(inner, dict) else None
        if not isinstance(text, str) or not text:
            add("reasoning-shape", f"{where}.reasoningText.text", "the reasoning is missing or empty")
            continue
        texts.append(text)
        for word in reserved_words(text):
            rule = "reserved-word" if word in DOCUMENTED else "reserved-word-wide"
            add(rule, f"{where}.reasoningText.text", f"the reasoning has the reserved word {quoted(word)}")


def check_tools(record: Mapping[str, Any], messages: list[Any], add: Add) -> None:
    """Check ``toolConfig``, and every ``toolUse`` and ``toolResult`` against it."""
    declared = _read_config(record.get("toolConfig"), add)
    used: set[str] = set()
    answered: set[str] = set()
    for where, role, block in _tool_blocks(messages):
        if block.get("toolUse") is not None and block.get("toolResult") is not None:
            add("tool-shape", where, "the block has a use and a result")
            continue
        kind = "toolUse" if block.get("toolUse") is not None else "toolResult"
        if role == ("user" if kind == "toolUse" else "assistant"):
            add("tool-role", f"{where}.{kind}", f"{kind} stands in the {role}'s message")
        tool = block[kind]
        complete = _is_use(tool) if kind == "toolUse" else _is_result(tool)
        if not complete:
            add("tool-shape", f"{where}.{kind}", f"{kind} is not complete")
        elif kind == "toolUse":
            if declared is not None and tool["name"] not in declared:
                add("tool-names", f"{where}.toolUse.name", f"the tool {quoted(tool['name'])} is not declared")
            _check_id(tool["toolUseId"], tool["toolUseId"] not in used, used, f"{where}.toolUse", add)
        else:
            is_open = tool["toolUseId"] in used and tool["toolUseId"] not in answered
            # Without a toolConfig AWS's validator compares no ids
            _check_id(tool["toolUseId"], is_open or declared is None, answered, f"{where}.toolResult", add)


def _check_id(use_id: str, good: bool, seen: set[str], where: str, add: Add) -> None:
    if not good:
        add("tool-ids", f"{where}.toolUseId", f"the id {quoted(use_id)} is repeated, or answers no use")
    seen.add(use_id)


def _tool_blocks(messages: list[Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for index, message in enumerate(messages):
        content = message.get("content") if isinstance(message, dict) else None
        for position, block in enumerate(content if isinstance(content, list) else []):
            if isinstance(block, dict) and (
                block.get("toolUse") is not None or block.get("toolResult") is not None
            ):
                yield f"messages[{index}].content[{position}]", str(message.get("role")).lower(), block


def _read_config(config: object, add: Add) -> set[str] | None:
    """The names of the declared tools; None without a configuration."""
    if config is None:
        return None
    tools = config.get("tools") if isinstance(config, dict) else None
    if not isinstance(tools, list) or not tools:
        add("tool-shape", "toolConfig.tools", "there is no list of tools")
        return set()
    names: set[str] = set()
    for index, tool in enumerate(tools):
        spec = tool.get("toolSpec") if isinstance(tool, dict) else None
        where = f"toolConfig.tools[{index}].toolSpec"
        if not isinstance(spec, dict) or not _is_spec(spec):
            add("tool-shape", where, "the tool needs a name, a description and an inputSchema with a type")
            continue
        if spec["name"] in names:
            add("tool-names", f"{where}.name", f"the tool {quoted(spec['name'])} is declared twice")
        names.add(spec["name"])
    return names


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_spec(spec: Mapping[str, Any]) -> bool:
    schema = spec.get("inputSchema")
    schema = schema.get("json") if isinstance(schema, dict) else None
    return (
        _is_text(spec.get("name"))
        and _is_text(spec.get("description"))
        and isinstance(schema, dict)
        and "type" in schema
    )


def _is_use(use: object) -> bool:
    return (
        isinstance(use, dict)
        and _is_text(use.get("toolUseId"))
        and _is_text(use.get("name"))
        and isinstance(use.get("input"), dict)
    )


def _is_result(result: object) -> bool:
    if not isinstance(result, dict) or not isinstance(result.get("toolUseId"), str):
        return False
    content = result.get("content")
    return isinstance(content, list) and bool(content) and all(map(_is_result_item, content))


def _is_result_item(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    text, value = item.get("text"), item.get("json")
    if (text is None) == (value is None):
        return False
    return isinstance(text, str) if value is None else isinstance(value, dict)
