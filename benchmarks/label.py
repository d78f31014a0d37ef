"""Labeling against a loopback endpoint: the run's rate beside plain boto3 threads that keep nothing.

    python benchmarks/label.py [--pictures 2000] [--pairs 3] [--in-flight 64] [--latency 0.2]

The endpoint is a process of its own that answers Converse after a fixed time. The reference is one boto3
client and a pool of threads that read the prepared file, call, and throw the answer away. Ours is the
labeling run with the project's store: every intent and every answer is committed. Pairs alternate; medians
are printed.
Bar: at least 0.90 of the reference.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from stillroom.aws.connection import Connection
from stillroom.aws.converse import Converse
from stillroom.aws.session import Session
from stillroom.keywords.judging import judge
from stillroom.labeling import Inference, Item, Pace, Prompt, Slot
from stillroom.labeling.crew import Question
from stillroom.labeling.engine import label
from stillroom.labeling.run import Books, Conduct
from stillroom.money import Meter, PriceBook, Purse
from stillroom.pictures.values import Inspection
from stillroom.store.opening import Store
from stillroom.store.values import RunSpec

MODEL = "us.amazon.nova-pro-v1:0"
PROMPT = Prompt("You are an expert for search keywords.", "List 15-25 keywords, separated by commas.")
INFERENCE = Inference()
KEYWORDS = ", ".join(f"keyword {number}" for number in range(20))
BODY = json.dumps(
    {
        "output": {"message": {"role": "assistant", "content": [{"text": KEYWORDS}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1043, "outputTokens": 61, "totalTokens": 1104},
        "metrics": {"latencyMs": 200},
    }
).encode()
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-amzn-RequestId: 0\r\nContent-Length: "
    + str(len(BODY)).encode()
    + b"\r\n\r\n"
    + BODY
)


class Endpoint(asyncio.Protocol):
    """As much HTTP as it takes: counts the body, waits, answers; the bytes are thrown away."""

    latency = 0.2

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.head = bytearray()
        self.missing = 0

    def data_received(self, data: bytes) -> None:
        if self.missing:
            self.missing -= len(data)
        else:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            lines = bytes(self.head[:end]).lower().split(b"\r\n")
            length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length"))
            if any(line.startswith(b"expect") for line in lines):
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.missing = length - (len(self.head) - end - 4)
            self.head.clear()
        if self.missing == 0:
            asyncio.get_running_loop().call_later(self.latency, self.transport.write, RESPONSE)


def serve(ready: Pipe, latency: float) -> None:
    """Answer on a free port until the process is ended; the port goes through ``ready``."""

    async def main() -> None:
        Endpoint.latency = latency
        server = await asyncio.get_running_loop().create_server(Endpoint, "127.0.0.1", 0, backlog=256)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def make_pictures(folder: Path, count: int) -> list[Item]:
    """Files of 14-170 KB, as photographs of 1024 pixels are."""
    dice = random.Random(7)
    items = []
    for number in range(count):
        path = folder / f"{number}.jpg"
        data = b"\xff\xd8\xff\xe0" + dice.randbytes(dice.randint(14_000, 170_000))
        path.write_bytes(data)
        items.append(Item(f"{number:064x}", str(path), "jpeg", 1000, prepared_size=len(data)))
    return items


def make_client(port: int, in_flight: int) -> Any:
    """A plain client, as anyone makes one."""
    return boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="benchmark",
        aws_secret_access_key="benchmark",  # noqa: S106 - no key, the endpoint checks none
        config=Config(max_pool_connections=in_flight, read_timeout=300, retries={"total_max_attempts": 1}),
    )


def converse(client: Any, picture: bytes, format: str) -> None:
    """One call, as boto3's documentation shows it; the answer is thrown away."""
    client.converse(
        modelId=MODEL,
        system=[{"text": PROMPT.system}],
        messages=[
            {
                "role": "user",
                "content": [
                    {"text": PROMPT.user},
                    {"image": {"format": format, "source": {"bytes": picture}}},
                ],
            }
        ],
        inferenceConfig={
            "maxTokens": INFERENCE.max_tokens,
            "temperature": INFERENCE.temperature,
            "topP": INFERENCE.top_p,
        },
    )


@dataclass(frozen=True)
class Timing:
    """Seconds: on the wall, and of this process's processors."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> Timing:
        """Both clocks."""
        return cls(time.perf_counter(), time.process_time())

    def __sub__(self, other: Timing) -> Timing:
        return Timing(self.wall - other.wall, self.cpu - other.cpu)


def plain(client: Any, items: Sequence[Item], in_flight: int) -> Timing:
    """What plain threads take."""
    began = Timing.now()
    with ThreadPoolExecutor(in_flight) as pool:
        for _ in pool.map(
            lambda item: converse(client, Path(item.prepared).read_bytes(), item.format), items
        ):
            pass
    return Timing.now() - began


def make_store(folder: Path, items: Sequence[Item]) -> Store:
    """A project's store that knows the pictures."""
    store = Store.open(folder)
    store.pictures.save_inspections(
        Inspection(
            path=Path(item.prepared).name,
            size=1,
            mtime_ns=1,
            content=item.content,
            format="jpeg",
            width=1024,
            height=683,
            dhash=number,
            flag=None,
            reason="",
        )
        for number, item in enumerate(items)
    )
    return store


def ours(ask: Converse, items: Sequence[Item], in_flight: int, folder: Path) -> Timing:
    """What the labeling run takes: journal, meter, keywords and progress included."""
    prices = PriceBook.load().tokens(MODEL)
    share = Purse(Decimal(0)).share(lambda: Decimal(1_000_000))
    meter = Meter(prices, max_tokens=INFERENCE.max_tokens, share=share, what=MODEL)
    spec = RunSpec("teacher", "teacher", MODEL, PROMPT, "1", INFERENCE, "1")
    with make_store(Path(tempfile.mkdtemp(dir=folder)), items) as store:
        run = store.runs.start_or_find(spec)
        with store.runs.claim(run.id):
            journal = store.runs.journal(run.id, meter.price)
            began = Timing.now()
            result = label(
                items,
                Question(ask, judge, PROMPT, INFERENCE),
                Books(journal, meter),
                Conduct(Pace(concurrency=in_flight)),
                report=Slot(),
            )
            took = Timing.now() - began
        assert store.runs.counts(run.id).done == result.done == len(items)
    return took


def compare(port: int, folder: Path, asked: argparse.Namespace) -> None:
    """Run the pairs, taking turns at going first, and print them and their medians."""
    items = make_pictures(folder, asked.pictures)
    client = make_client(port, asked.in_flight)
    where = Connection(region="us-east-1", endpoint_url=f"http://127.0.0.1:{port}", sandbox=True)
    ask = Converse(Session(where), MODEL, concurrency=asked.in_flight).open()
    plain(client, items[: 2 * asked.in_flight], asked.in_flight)
    ours(ask, items[: 2 * asked.in_flight], asked.in_flight, folder)
    pairs: list[tuple[Timing, Timing]] = []
    for pair in range(asked.pairs):
        if pair % 2:
            own = ours(ask, items, asked.in_flight, folder)
            reference = plain(client, items, asked.in_flight)
        else:
            reference = plain(client, items, asked.in_flight)
            own = ours(ask, items, asked.in_flight, folder)
        pairs.append((own, reference))
        print(
            f"pair {pair + 1}: stillroom {asked.pictures / own.wall:6.1f}/s, plain boto3"
            f" {asked.pictures / reference.wall:6.1f}/s, ratio {reference.wall / own.wall:.3f};"
            f" CPU a call {own.cpu / asked.pictures * 1000:.2f} and"
            f" {reference.cpu / asked.pictures * 1000:.2f} ms",
            flush=True,
        )
    ask.close()
    client.close()
    print(
        f"median: stillroom {statistics.median(asked.pictures / own.wall for own, _ in pairs):.1f}/s,"
        f" plain boto3 {statistics.median(asked.pictures / other.wall for _, other in pairs):.1f}/s,"
        f" ratio {statistics.median(other.wall / own.wall for own, other in pairs):.3f} (bar 0.90)"
    )


def main() -> None:
    """Start the endpoint, measure, end it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pictures", type=int, default=2000)
    options.add_argument("--pairs", type=int, default=3)
    options.add_argument("--in-flight", type=int, default=64)
    options.add_argument("--latency", type=float, default=0.2, help="seconds until the endpoint answers")
    options.add_argument("--folder", type=Path, default=None, help="where files are made")
    asked = options.parse_args()
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, asked.latency), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        compare(mine.recv(), Path(name), asked)
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
