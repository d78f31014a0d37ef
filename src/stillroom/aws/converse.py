"""A model that answers: one Converse call, one attempt."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from stillroom.aws.converse_errors import ask_failed
from stillroom.aws.credential_errors import PLAIN
from stillroom.aws.errors import is_of_the_caller
from stillroom.aws.session import Session
from stillroom.labeling.values import Answer, AskFailed, FailureClass, Inference, Prompt

READ_TIMEOUT = 600.0
"""Seconds. The service allows an hour; botocore's 60 s cuts slow calls off, and they are paid twice."""

_NOT_IN_METADATA = re.compile(r"[^a-zA-Z0-9\s:_@$#=/+,\-.]+")


class Converse:
    """Asks a model about one picture, exactly once. Implements :class:`stillroom.labeling.values.Ask`.

    Calls may come from many threads. Opening a client reads botocore's models (some 100 ms); that happens at
    the first call, or in :meth:`open`.
    """

    def __init__(
        self,
        session: Session,
        model_id: str,
        *,
        concurrency: int = 8,
        read_timeout: float = READ_TIMEOUT,
        metadata: Mapping[str, str] | None = None,
        client: Any = None,
    ) -> None:
        """Prepare to ask.

        Args:
            session: Session of the model's region (``Session(connection.at(region))`` where that is another).
            model_id: A model id, inference-profile id, or ARN of a deployment or provisioned throughput.
            concurrency: Calls in flight; sizes the connection pool.
            read_timeout: Seconds to wait for an answer.
            metadata: Sent as ``requestMetadata`` (run and project ids); at most 16 pairs of 256 characters.
            client: A bedrock-runtime client to use instead of the session's own.
        """
        self.model_id = model_id
        self._session = session
        self._concurrency = concurrency
        self._read_timeout = read_timeout
        self._metadata = request_metadata(metadata or {})
        self._client = client

    def open(self) -> Converse:
        """Make the client now, so that errors of profile and region show before the first call.

        Raises:
            Refused: The profile does not exist, or the region is missing.
        """
        if self._client is None:
            self._client = self._session.runtime(
                concurrency=self._concurrency, read_timeout=self._read_timeout
            )
        return self

    def close(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def __call__(self, picture: bytes, format: str, prompt: Prompt, inference: Inference) -> Answer:
        """Ask once.

        Args:
            picture: Bytes of the prepared file; boto3 encodes them.
            format: ``jpeg``, ``png``, ``gif`` or ``webp``.
            prompt: What is asked. An empty system text is not sent.
            inference: Sent as ``inferenceConfig``.

        Raises:
            AskFailed: No answer came.
        """
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        client = self.open()._client
        began = time.monotonic()
        try:
            response = client.converse(**self.request(picture, format, prompt, inference))
        except (ClientError, BotoCoreError, ResponseParserError, *PLAIN) as error:
            if is_of_the_caller(error):
                raise
            where = self._session.connection
            failed = ask_failed(error, self.model_id, region=where.region, profile=where.profile)
            if failed.failure is FailureClass.ACCESS:
                self._session.forget_credentials()
            raise failed from error
        return read_answer(response, wall_ms=round((time.monotonic() - began) * 1000))

    def request(self, picture: bytes, format: str, prompt: Prompt, inference: Inference) -> dict[str, Any]:
        """The very parameters of the call, as boto3 takes them."""
        request: dict[str, Any] = {
            "modelId": self.model_id,
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"text": prompt.user},
                        {"image": {"format": format, "source": {"bytes": picture}}},
                    ],
                }
            ],
            "inferenceConfig": {
                "maxTokens": inference.max_tokens,
                "temperature": inference.temperature,
                "topP": inference.top_p,
            },
        }
        if prompt.system:
            request["system"] = [{"text": prompt.system}]
        if self._metadata:
            request["requestMetadata"] = self._metadata
        return request


def read_answer(response: Mapping[str, Any], *, wall_ms: int) -> Answer:
    """Read a Converse answer.

    Args:
        response: As botocore parsed it.
        wall_ms: Latency to fall back on, in milliseconds.

    Returns:
        The text of the first block that has any: with reasoning models the first block is their reasoning.
        An answer without text (a refusal by a filter) has an empty one.

    Raises:
        AskFailed: The answer has no message or no usage; it was served, and is not worth asking again.
    """
    try:
        blocks = response["output"]["message"]["content"]
        usage = response["usage"]
        text = next((str(block["text"]) for block in blocks if "text" in block), "")
        inputs, outputs = int(usage["inputTokens"]), int(usage["outputTokens"])
    except (KeyError, TypeError, ValueError) as error:
        raise AskFailed(
            FailureClass.SERVICE,
            "The answer has not the shape of a Converse answer.",
            code=type(error).__name__,
            outcome_unknown=True,
        ) from error
    cached = int(usage.get("cacheReadInputTokens") or 0) + int(usage.get("cacheWriteInputTokens") or 0)
    latency = (response.get("metrics") or {}).get("latencyMs")
    return Answer(
        text=text,
        stop_reason=str(response.get("stopReason") or ""),
        input_tokens=inputs + cached,
        output_tokens=outputs,
        latency_ms=wall_ms if latency is None else int(latency),
        request_id=str((response.get("ResponseMetadata") or {}).get("RequestId") or ""),
    )


def request_metadata(pairs: Mapping[str, str]) -> dict[str, str]:
    """Make ``requestMetadata`` of any pairs: at most 16, of the characters that the service takes."""
    clean = {
        _NOT_IN_METADATA.sub("-", key)[:256]: _NOT_IN_METADATA.sub("-", value)[:256]
        for key, value in pairs.items()
        if key
    }
    return dict(list(clean.items())[:16])
