"""What a Converse request says: checked by the service's rules, reduced to what a model looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from stillroom.sandbox import counting
from stillroom.sandbox.bedrock.foundations import Foundation
from stillroom.sandbox.vision import UnreadablePicture, header
from stillroom.sandbox.wire.refusal import invalid

MOST_PICTURES = 20
"""In one message."""
MOST_BYTES = 3_932_160
"""Of one picture: 3.75 MB."""
LONGEST_SIDE = 8000
MOST_PAYLOAD = 25_000_000
"""Bytes of all inline pictures."""

Fetch = Callable[[Mapping[str, Any]], bytes]
"""Bytes of an ``s3Location``; raises a Refusal."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One request, checked."""

    system: str
    prompt: str
    """All text of the user's turns."""
    pictures: list[bytes]
    """Of the last user turn that has any."""
    input_tokens: int
    max_tokens: int
    temperature: float
    top_p: float
    stop_sequences: list[str]


def read_conversation(params: Mapping[str, Any], model: Foundation, fetch: Fetch) -> Conversation:
    """Check the parameters of Converse.

    Args:
        params: As parsed; the constraints of the service model hold already.
        model: Whose limits count.
        fetch: Reads pictures from S3.

    Raises:
        Refusal: The request breaks a rule; the message names the member.
    """
    for member in ("toolConfig", "guardrailConfig"):
        if member in params:
            raise invalid(
                f"The sandbox's models don't support the {member} field. Remove {member} and try again."
            )
    messages = params.get("messages") or []
    _check_order(messages)
    system = "\n".join(_text(block, "system") for block in params.get("system", []))
    tokens = counting.text_tokens(system)
    texts: list[str] = []
    pictures: list[bytes] = []
    inline = 0
    for number, message in enumerate(messages):
        found = _Message(f"messages.{number}", message, model, fetch)
        tokens += found.tokens
        inline += found.inline
        if message["role"] == "user":
            texts.append(found.text)
            pictures = found.pictures or pictures
    if inline > MOST_PAYLOAD:
        raise invalid(f"The total size of the images exceeds the limit of {MOST_PAYLOAD} bytes.")
    if tokens > model.context:
        raise invalid("Input is too long for requested model.")
    settings = params.get("inferenceConfig", {})
    most = settings.get("maxTokens", model.most_output)
    if most > model.most_output:
        raise invalid(
            f"The maximum tokens you requested exceeds the model limit of {model.most_output}. "
            f"Try again with a maximum tokens value that is lower than {model.most_output}."
        )
    return Conversation(
        system,
        "\n".join(texts),
        pictures,
        tokens,
        most,
        settings.get("temperature", 0.7),
        settings.get("topP", 0.9),
        settings.get("stopSequences", []),
    )


def _check_order(messages: Sequence[Mapping[str, Any]]) -> None:
    if not messages or messages[0]["role"] != "user":
        raise invalid(
            "A conversation must start with a user message. Try again with a conversation that "
            "starts with a user message."
        )
    for before, after in pairwise(messages):
        if before["role"] == after["role"]:
            raise invalid(
                "A conversation must alternate between user and assistant roles. Make sure the "
                "conversation alternates "
                "between user and assistant roles and try again."
            )


def _text(block: Mapping[str, Any], where: str) -> str:
    text = block.get("text")
    if text is None:
        raise invalid(f"The {where} field takes text only. Remove the other content and try again.")
    if not text.strip():
        raise invalid(
            f"The text field in the ContentBlock object at {where} is blank. Add text to the text "
            "field, and try again."
        )
    return str(text)


class _Message:
    """One message, its blocks checked."""

    def __init__(self, where: str, message: Mapping[str, Any], model: Foundation, fetch: Fetch) -> None:
        self.tokens = 0
        self.inline = 0
        self.pictures: list[bytes] = []
        texts: list[str] = []
        if not message["content"]:
            raise invalid(
                f"The content field in the Message object at {where} is empty. Add a ContentBlock "
                "object to the content field and try again."
            )
        for number, block in enumerate(message["content"]):
            at = f"{where}.content.{number}"
            if "image" in block:
                self._picture(at, block["image"], message["role"], model, fetch)
            elif "text" in block:
                texts.append(_text(block, at))
            elif "cachePoint" not in block:
                kind = next(iter(block), "empty")
                raise invalid(
                    f"This model doesn't support the {kind} field at {at}. Remove {kind} and try again."
                )
        if len(self.pictures) > MOST_PICTURES:
            raise invalid(
                f"The message at {where} has {len(self.pictures)} images. A message can have up to "
                f"{MOST_PICTURES} images."
            )
        self.text = "\n".join(texts)
        self.tokens += counting.text_tokens(self.text)

    def _picture(self, at: str, image: Mapping[str, Any], role: str, model: Foundation, fetch: Fetch) -> None:
        if role != "user":
            raise invalid(
                f"The image at {at} is in a message with the role {role}. Images are supported in the "
                "user role only."
            )
        if not model.pictures:
            raise invalid("This model doesn't support the image field. Remove image and try again.")
        source = image["source"]
        if "bytes" in source:
            data = source["bytes"]
            self.inline += len(data)
        elif "s3Location" in source:
            data = fetch(source["s3Location"])
        else:
            raise invalid(f"The source of the image at {at} is empty.")
        if len(data) > MOST_BYTES:
            raise invalid(
                f"The image at {at} has {len(data)} bytes. The maximum size of an image is "
                f"{MOST_BYTES} bytes (3.75 MB)."
            )
        try:
            found = header(data)
        except UnreadablePicture:
            raise invalid(f"Could not process image: the bytes at {at} are not a valid image.") from None
        if found.format != image["format"]:
            raise invalid(
                f"Could not process image: the image at {at} is declared as {image['format']} but its "
                f"bytes are {found.format}."
            )
        if max(found.width, found.height) > LONGEST_SIDE:
            raise invalid(
                f"The image at {at} is {found.width}x{found.height} pixels. The maximum dimensions "
                f"are {LONGEST_SIDE}x{LONGEST_SIDE} pixels."
            )
        self.pictures.append(data)
        self.tokens += counting.picture_tokens(model.id, found.width, found.height)
