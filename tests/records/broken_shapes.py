"""Cases for the rules about the shape and the texts of one record, and about reasoning and tools."""

from __future__ import annotations

from typing import Any

from tests.records.making import (
    BrokenCase,
    Record,
    answer,
    broken,
    case,
    changed,
    good_records,
    pictures_for,
    to_lines,
    user,
)

from stillroom.records import TargetModel


@changed("other-recipe")
def other_recipe(record: Record, bucket: str) -> None:
    record.clear()
    record.update({"prompt": "List keywords.", "completion": "sea, sky"})


@changed("no-messages")
def no_messages(record: Record, bucket: str) -> None:
    record["messages"] = {"user": "List keywords."}


@changed("too-few-messages")
def too_few_messages(record: Record, bucket: str) -> None:
    del record["messages"][1]


@changed("schema-version-type")
def schema_version_type(record: Record, bucket: str) -> None:
    record["schemaVersion"] = 2024


@changed("schema-version-value")
def schema_version_value(record: Record, bucket: str) -> None:
    record["schemaVersion"] = "bedrock-conversation-2023"


@changed("schema-version-missing")
def schema_version_missing(record: Record, bucket: str) -> None:
    del record["schemaVersion"]


@changed("system-shape")
def system_shape(record: Record, bucket: str) -> None:
    record["system"] = "You name what is in pictures."


@changed("role-unknown")
def role_unknown(record: Record, bucket: str) -> None:
    record["messages"][1]["role"] = "model"


@changed("role-case")
def role_case(record: Record, bucket: str) -> None:
    record["messages"][1]["role"] = "Assistant"


@changed("role-order")
def role_order(record: Record, bucket: str) -> None:
    record["messages"].insert(1, {"role": "user", "content": [{"text": "Please."}]})
    record["messages"].append({"role": "assistant", "content": [{"text": "sea"}]})


@changed("last-role")
def last_role(record: Record, bucket: str) -> None:
    record["messages"].append({"role": "user", "content": [{"text": "Thanks."}]})


@changed("content-shape")
def content_shape(record: Record, bucket: str) -> None:
    record["messages"][1]["content"] = "sea, sky"


@changed("empty-content")
def empty_content(record: Record, bucket: str) -> None:
    record["messages"][1]["content"] = []


@changed("block-unknown")
def block_unknown(record: Record, bucket: str) -> None:
    answer(record)[0] = {"words": "sea, sky"}


@changed("block-mixed")
def block_mixed(record: Record, bucket: str) -> None:
    text, picture = user(record)
    record["messages"][0]["content"] = [{**text, **picture}]


@changed("empty-text")
def empty_text(record: Record, bucket: str) -> None:
    answer(record)[0]["text"] = ""


@changed("blank-label")
def blank_label(record: Record, bucket: str) -> None:
    answer(record)[0]["text"] = " \n"


@broken("lone-surrogate")
def lone_surrogate(bucket: str) -> BrokenCase:
    lines = to_lines(good_records(bucket)).replace(b"plain, number 2", b"plain \\ud83c, number 2")
    return BrokenCase(lines, pictures_for())


@changed("unknown-key")
def unknown_key(record: Record, bucket: str) -> None:
    record["message"] = "sea"


@changed("reserved-word")
def reserved_word(record: Record, bucket: str) -> None:
    answer(record)[0]["text"] = "sea, USER: sky"


@changed("reserved-word-wide")
def reserved_word_wide(record: Record, bucket: str) -> None:
    answer(record)[0]["text"] = "sea, thought: sky"


@changed("record-tokens")
def record_tokens(record: Record, bucket: str) -> None:
    answer(record)[0]["text"] = "keyword " * 40_000


@changed("record-tokens-near")
def record_tokens_near(record: Record, bucket: str) -> None:
    answer(record)[0]["text"] = "keyword " * 20_000


def _reasoning(text: str) -> Record:
    return {"reasoningContent": {"reasoningText": {"text": text}}}


@changed("reasoning-shape", model=TargetModel.LITE_2)
def reasoning_shape(record: Record, bucket: str) -> None:
    answer(record).insert(0, _reasoning(""))


@changed("reasoning-model")
def reasoning_model(record: Record, bucket: str) -> None:
    answer(record).insert(0, _reasoning("The sea is blue."))


@changed("reasoning-role", model=TargetModel.LITE_2)
def reasoning_role(record: Record, bucket: str) -> None:
    user(record).insert(0, _reasoning("The sea is blue."))


@changed("reasoning-media", model=TargetModel.LITE_2)
def reasoning_media(record: Record, bucket: str) -> None:
    # Where media may stand reasoning may not: only an empty image is wrong in this way alone
    answer(record)[0] |= {**_reasoning("The sea is blue."), **user(record)[1]}


CONFIG: Record = {
    "tools": [
        {
            "toolSpec": {
                "name": "weather",
                "description": "Tells the weather.",
                "inputSchema": {"json": {"type": "object"}},
            }
        }
    ]
}


def _tool_use(use_id: str = "use-1", name: str = "weather") -> Record:
    return {"toolUse": {"toolUseId": use_id, "name": name, "input": {}}}


def _tool_result(use_id: str = "use-1") -> Record:
    return {"toolResult": {"toolUseId": use_id, "content": [{"text": "rain"}]}}


def with_tools(bucket: str) -> list[Record]:
    """Eight good records in which a tool is used."""
    records = good_records(bucket)
    for record in records:
        record["toolConfig"] = CONFIG
        last = record["messages"].pop()
        record["messages"] += [
            {"role": "assistant", "content": [_tool_use()]},
            {"role": "user", "content": [_tool_result()]},
            last,
        ]
    return records


def _tools(bucket: str, message: int, content: list[Any]) -> BrokenCase:
    records = with_tools(bucket)
    records[2]["messages"][message]["content"] = content
    return case(records, model=TargetModel.LITE_2)


@broken("tool-shape")
def tool_shape(bucket: str) -> BrokenCase:
    return _tools(bucket, 2, [_tool_result(), {"toolResult": {"toolUseId": "use-1", "content": []}}])


@broken("tool-role")
def tool_role(bucket: str) -> BrokenCase:
    return _tools(bucket, 2, [_tool_use("use-2"), _tool_result()])


@broken("tool-names")
def tool_names(bucket: str) -> BrokenCase:
    return _tools(bucket, 1, [_tool_use(name="traffic")])


@broken("tool-ids")
def tool_ids(bucket: str) -> BrokenCase:
    return _tools(bucket, 2, [_tool_result("use-9")])
