"""Object writes a second of the sandbox, beside a server that throws everything away.

Writes 1,000 objects of 100 KB from 16 boto3 threads, three times each, in turns, and prints the medians and
their ratio. The bar is 200 writes a second.

    python benchmarks/sandbox_s3.py
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config

OBJECTS, SIZE, THREADS, TURNS = 1000, 100_000, 16, 3


def client(url: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="AKIABENCH",
        aws_secret_access_key="bench",  # noqa: S106
        config=Config(max_pool_connections=THREADS),
    )


def rate(s3: Any, body: bytes) -> float:
    """Writes a second."""
    put = lambda number: s3.put_object(Bucket="bench", Key=f"objects/{number}", Body=body)  # noqa: E731
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(put, range(THREADS)))
        began = time.perf_counter()
        list(pool.map(put, range(OBJECTS)))
        return OBJECTS / (time.perf_counter() - began)


async def _swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if b"expect: 100-continue" in head:
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            await reader.readexactly(length)
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: "0"\r\n\r\n')
    except (asyncio.IncompleteReadError, ConnectionResetError):
        writer.close()


def reference() -> None:
    """Answer every PUT for ever, after saying where."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(_swallow, "127.0.0.1", 0, limit=1 << 20))
    print(f"reference http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    loop.run_forever()


def started(*command: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().split()[-1]


def main() -> None:
    body = os.urandom(SIZE)
    with tempfile.TemporaryDirectory() as folder:
        box, url = started("-m", "stillroom.sandbox", "--port", "0", "--dir", folder)
        bare, bare_url = started(__file__, "--reference")
        try:
            sandbox, nothing = client(url), client(bare_url)
            sandbox.create_bucket(Bucket="bench")
            turns = [(rate(sandbox, body), rate(nothing, body)) for _ in range(TURNS)]
        finally:
            for process in (box, bare):
                process.terminate()
                process.wait()
    ours, theirs = (statistics.median(one) for one in zip(*turns, strict=True))
    print(f"sandbox    {ours:7.0f} writes/s of {SIZE // 1000} KB (bar: 200)")
    print(f"reference  {theirs:7.0f} writes/s, thrown away")
    print(f"ratio      {ours / theirs:7.2f}")


if __name__ == "__main__":
    reference() if "--reference" in sys.argv else main()
