"""Validate 20,000 and 200,000 records of 1.4 KB, beside a reference in the same minute.

    python benchmarks/validate.py
    python benchmarks/validate.py --aws-validator nova_ft_dataset_validator.py --aws-python venv/bin/python

The reference is json.loads of the same lines, and AWS's own script when it is given (it needs pydantic; its
start-up is taken off: a run on 20,000 records minus a run on 8). Each of our runs is a fresh process, timed
inside, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from stillroom.labeling.values import Prompt
from stillroom.records.building import record_line, write_records

BUCKET = "stillroom-benchmark"
ROUNDS = 5
BAR_MIB = 60


def make(path: Path, count: int) -> None:
    """Write records of 1.4 KB that differ in picture and label."""
    prompt = Prompt(
        system="You are an expert for the search keywords of photographs and name what a buyer looks for. "
        * 6,
        user="List 15-25 search keywords over five categories, comma separated, without headings. " * 3,
    )
    chance = random.Random(7)
    words = [
        f"{kind} {thing}" for kind in ("calm", "warm", "wide", "soft") for thing in ("sea", "sky", "light")
    ]

    def lines() -> Iterator[bytes]:
        for number in range(count):
            chance.shuffle(words)
            uri = f"s3://{BUCKET}/harbour/pictures/{number % 256:02x}/{number:064x}.jpg"
            yield record_line(prompt, ", ".join(words), uri, "jpeg", "111122223333")

    write_records(path, lines())


def measure_ours(path: Path) -> None:
    """In a fresh process: validate once, print seconds and peak memory."""
    from stillroom.records.validating import validate

    begun = time.perf_counter()
    validation = validate(path, bucket=BUCKET)
    findings = sum(1 for _ in validation)
    seconds = time.perf_counter() - begun
    assert findings == 0 or validation.summary.by_rule.keys() == {"too-many-records"}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mib": peak}))


def ours(path: Path) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--child", str(path)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    return found["seconds"], found["mib"]


def loads(path: Path) -> float:
    begun = time.perf_counter()
    with path.open("rb") as file:
        for line in file:
            json.loads(line)
    return time.perf_counter() - begun


def aws(python: str, script: Path, path: Path) -> tuple[float, float]:
    """Wall seconds and peak MiB of one run of AWS's script, start-up and all."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [python, "-W", "ignore", str(script), "-i", str(path), "-m", "lite"], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "AWS's validator did not pass the file"
    return seconds, usage.ru_maxrss / 1024


def compare(small: Path, path: Path, args: argparse.Namespace) -> None:
    """Alternate ours, json.loads and AWS's script; print medians and ratios."""
    mine, parsed, theirs = [], [], []
    peaks, their_peaks = [], []
    for _ in range(ROUNDS):
        seconds, peak = ours(path)
        mine.append(seconds)
        peaks.append(peak)
        parsed.append(loads(path))
        if args.aws_validator:
            seconds, peak = aws(args.aws_python, args.aws_validator, path)
            theirs.append(seconds - aws(args.aws_python, args.aws_validator, small)[0])
            their_peaks.append(peak)
    seconds = statistics.median(mine)
    print(
        f"20,000 records: ours {seconds:.3f} s, {20_000 / seconds:,.0f} records/s, peak {max(peaks):.0f} MiB"
    )
    print(f"  json.loads of the same lines: {statistics.median(parsed):.3f} s; ours is", end=" ")
    print(f"{seconds / statistics.median(parsed):.2f} x")
    print(f"  peak memory: {max(peaks):.0f} MiB (bar {BAR_MIB})")
    if theirs:
        reference = statistics.median(theirs)
        print(f"  AWS's validator: {reference:.3f} s, peak {max(their_peaks):.0f} MiB; ours is", end=" ")
        print(f"{seconds / reference:.2f} x (bar 1.00)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--aws-validator", type=Path, help="path of AWS's nova_ft_dataset_validator.py")
    parser.add_argument("--aws-python", default=sys.executable, help="an interpreter that has pydantic")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        measure_ours(args.child)
        return
    with tempfile.TemporaryDirectory() as folder:
        files = {count: Path(folder, f"{count}.jsonl") for count in (8, 20_000, 200_000)}
        for count, path in files.items():
            make(path, count)
        size = files[20_000].stat().st_size / 20_000
        print(f"records of {size:.0f} bytes, {os.cpu_count()} cores, median of {ROUNDS}")
        compare(files[8], files[20_000], args)
        seconds, peak = ours(files[200_000])
        print(
            f"200,000 records: ours {seconds:.3f} s, {200_000 / seconds:,.0f} records/s, peak {peak:.0f} MiB"
        )


if __name__ == "__main__":
    main()
