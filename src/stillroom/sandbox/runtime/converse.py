"""The Converse operation."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from stillroom.sandbox import ACCOUNT, answering
from stillroom.sandbox.bill import Bill
from stillroom.sandbox.knobs import Knobs
from stillroom.sandbox.quotas import Quotas
from stillroom.sandbox.runtime.addressing import Addressing, Target
from stillroom.sandbox.runtime.conversation import MOST_BYTES, Conversation, read_conversation
from stillroom.sandbox.runtime.faults import Attempts, Luck, refuse_unlucky, spoiled
from stillroom.sandbox.runtime.throttle import Throttle
from stillroom.sandbox.s3.access import FOREIGN
from stillroom.sandbox.s3.storage import Storage
from stillroom.sandbox.state import packed
from stillroom.sandbox.vision import UnreadablePicture
from stillroom.sandbox.wire.refusal import Refusal, invalid
from stillroom.sandbox.wire.request import Answer, Call


class Runtime:
    """Converse, with its limits, faults and bill."""

    def __init__(
        self, addressing: Addressing, storage: Storage, bill: Bill, quotas: Quotas, knobs: Callable[[], Knobs]
    ) -> None:
        self._addressing = addressing
        self._storage = storage
        self._bill = bill
        self._quotas = quotas
        self._knobs = knobs
        self._attempts = Attempts()
        self._throttle = Throttle(time.monotonic)
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="answering")

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {"Converse": self._converse}

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _converse(self, call: Call) -> Any:
        began = time.monotonic()
        knobs = self._knobs()
        target = self._addressing.target(call.params["modelId"], call.region)
        fetch = lambda where: self._fetch(where, call.region)  # noqa: E731
        asked = read_conversation(call.params, target.foundation, fetch)
        request = _digest(call.params, asked)
        luck = Luck(knobs.seed, request, self._attempts.number(request))
        refuse_unlucky(luck, knobs.faults)
        reserve = asked.input_tokens + asked.max_tokens
        quota = self._reserve(target, call.region, reserve)
        try:
            reply = await asyncio.get_running_loop().run_in_executor(
                self._pool, _answer, self._brain(target), asked, luck.entropy("answer")
            )
        except UnreadablePicture as unreadable:
            if quota is not None:
                self._throttle.give_back(quota, reserve)
            raise invalid(f"Could not process image: {unreadable}.") from None
        reply, stop_reason = spoiled(reply, reply.stop_reason, luck, knobs.faults)
        slow = knobs.slow_seconds if luck.hits("slow", knobs.faults.slow) else 0.0
        await asyncio.sleep(max(0.0, knobs.latency + slow - (time.monotonic() - began)))
        if quota is not None:
            self._throttle.give_back(quota, reserve - asked.input_tokens - reply.output_tokens)
        self._bill.served(
            target.billed,
            target.priced_as,
            target.custom is not None,
            asked.input_tokens,
            reply.output_tokens,
        )
        members = _members(asked, reply.text, stop_reason, reply.output_tokens, time.monotonic() - began)
        return Answer(members, drop=luck.hits("drop", knobs.faults.drop))

    def _reserve(self, target: Target, region: str, tokens: int) -> str | None:
        """Take from the target's quota; its name, or None when none is in force."""
        limits = self._quotas.limits(target.foundation.base, region, target.through)
        if limits is None:
            return None
        name = f"{region} {target.foundation.base} {target.through}"
        self._throttle.take(name, limits, tokens)
        return name

    def _brain(self, target: Target) -> answering.Brain:
        """Read on the server's own thread: the database has one."""
        return target.foundation.brain if target.custom is None else self._addressing.weights(target.custom)

    def _fetch(self, where: Mapping[str, Any], region: str) -> bytes:
        bucket, _, key = where["uri"].removeprefix("s3://").partition("/")
        found = self._storage.bucket(bucket)
        foreign = bucket.startswith(FOREIGN) or where.get("bucketOwner", ACCOUNT) != ACCOUNT
        if foreign:
            raise Refusal("AccessDeniedException", f"Access denied when reading {where['uri']}.")
        item = self._storage.stored(bucket, key) if found is not None else None
        if found is None or item is None:
            raise invalid(f"The S3 object {where['uri']} does not exist or cannot be read.")
        if found["region"] != region:
            raise invalid(f"The bucket of {where['uri']} is in {found['region']}, the request in {region}.")
        if item.size > MOST_BYTES:
            raise invalid(
                f"The image at {where['uri']} has {item.size} bytes. The maximum size of an image is "
                f"{MOST_BYTES} bytes (3.75 MB)."
            )
        return self._storage.path(item.file).read_bytes()


def _answer(brain: answering.Brain, asked: Conversation, entropy: int) -> answering.Reply:
    return answering.answer(
        brain,
        pictures=asked.pictures,
        system=asked.system,
        prompt=asked.prompt,
        max_tokens=asked.max_tokens,
        temperature=asked.temperature,
        top_p=asked.top_p,
        stop_sequences=asked.stop_sequences,
        entropy=entropy,
    )


def _digest(params: Mapping[str, Any], asked: Conversation) -> bytes:
    """What makes a request the same request: the model, its words, its pictures, its settings."""
    words = packed(
        [
            params["modelId"],
            asked.system,
            asked.prompt,
            asked.max_tokens,
            asked.temperature,
            asked.top_p,
            asked.stop_sequences,
        ]
    )
    found = hashlib.blake2b(words.encode(), digest_size=16)
    for picture in asked.pictures:
        found.update(picture)
    return found.digest()


def _members(asked: Conversation, text: str, stop_reason: str, output: int, seconds: float) -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": stop_reason,
        "usage": {
            "inputTokens": asked.input_tokens,
            "outputTokens": output,
            "totalTokens": asked.input_tokens + output,
            "cacheReadInputTokens": 0,
            "cacheWriteInputTokens": 0,
        },
        "metrics": {"latencyMs": max(1, round(seconds * 1000))},
    }
