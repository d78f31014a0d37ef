"""Build 20,000 records, beside json.dumps of the same records to a file in the same minute.

python benchmarks/build.py
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path

from stillroom.labeling.values import Prompt
from stillroom.records.building import record_line, write_records

COUNT = 20_000
ROUNDS = 7
BAR = 3.0


def uri_of(number: int) -> str:
    return f"s3://stillroom-benchmark/harbour/pictures/{number % 256:02x}/{number:064x}.jpg"


def build(path: Path, prompt: Prompt, labels: list[str]) -> float:
    begun = time.perf_counter()
    write_records(
        path,
        (record_line(prompt, label, uri_of(n), "jpeg", "111122223333") for n, label in enumerate(labels)),
    )
    return time.perf_counter() - begun


def dump(path: Path, records: list[object]) -> float:
    begun = time.perf_counter()
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return time.perf_counter() - begun


def main() -> None:
    prompt = Prompt(
        system="You are an expert for the search keywords of photographs and name what a buyer looks for. "
        * 6,
        user="List 15-25 search keywords over five categories, comma separated, without headings. " * 3,
    )
    labels = [", ".join(f"word{(n * 7 + i) % 997}" for i in range(20)) for n in range(COUNT)]
    with tempfile.TemporaryDirectory() as folder:
        ours, reference = Path(folder, "ours.jsonl"), Path(folder, "reference.jsonl")
        build(ours, prompt, labels)
        with ours.open(encoding="utf-8") as file:
            records: list[object] = [json.loads(line) for line in file]
        times = [(build(ours, prompt, labels), dump(reference, records)) for _ in range(ROUNDS)]
        with reference.open(encoding="utf-8") as file:
            assert records == [json.loads(line) for line in file]
        size = ours.stat().st_size / COUNT
    built, dumped = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{COUNT:,} records of {size:.0f} bytes, median of {ROUNDS}")
    print(f"ours {built:.3f} s (atomic, SHA-256, on disk), json.dumps {dumped:.3f} s", end="; ")
    print(f"ours is {built / dumped:.2f} x (bar {BAR:.2f})")


if __name__ == "__main__":
    main()
