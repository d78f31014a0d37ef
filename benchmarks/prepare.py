"""Prepare 12-megapixel JPEGs to 1024 px on two cores, against two independent Pillow processes.

Run: python benchmarks/prepare.py [--pictures 24] [--pairs 5]

The reference is what a careful person would write by hand: one Pillow process on each of two cores, at the
same time, the JPEG decoder's own scaling, Lanczos, quality 85. Both sides time only their work, without
start-up; the reference rate is the sum of both processes' rates. The bytes must be the same.
Bar: 0.85 of the reference rate.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageChops

from stillroom.pictures import PrepareSettings
from stillroom.pictures.preparing import prepare_many

BAR = 0.85
SIZE = (4000, 3000)

REFERENCE = """
import sys, time
from pathlib import Path
from PIL import Image
target, *paths = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
begun = time.perf_counter()
for path in paths:
    with Image.open(path) as image:
        image.draft("RGB", (1024, 768))
        image.resize((1024, 768), Image.Resampling.LANCZOS, reducing_gap=2.0).save(
            Path(target) / Path(path).name, "JPEG", quality=85)
print(len(paths) / (time.perf_counter() - begun), flush=True)
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", type=int, default=24, help="how many pictures (an even number)")
    parser.add_argument("--pairs", type=int, default=5, help="how many pairs of measurements")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        originals = draw(folder / "originals", options.pictures)
        references, ours = [], []
        for pair in range(options.pairs):
            order = (reference, measured) if pair % 2 == 0 else (measured, reference)
            for side in order:
                rate = side(originals, folder / side.__name__)
                (references if side is reference else ours).append(rate)
        same = all(
            (folder / "reference" / path.name).read_bytes()
            == (folder / "measured" / content[:2] / f"{content}.jpg").read_bytes()
            for content, path in originals
        )
    ratio = statistics.median(one / other for one, other in zip(ours, references, strict=True))
    print(f"two Pillow processes  {statistics.median(references):6.1f} pictures/s (summed)")
    print(f"stillroom             {statistics.median(ours):6.1f} pictures/s")
    print(f"same bytes            {'yes' if same else 'NO'}")
    passed = same and ratio >= BAR
    verdict = "ok" if passed else "BELOW THE BAR"
    print(f"ratio {ratio:.2f} (median of {options.pairs} pairs; bar {BAR}): {verdict}")
    return 0 if passed else 1


def draw(folder: Path, count: int) -> list[tuple[str, Path]]:
    """Make pictures with the texture of photographs: about 2.5 MB each."""
    folder.mkdir()
    rng = random.Random(12)
    grain = Image.frombytes("L", (1000, 750), rng.randbytes(750_000)).point(
        [value // 8 for value in range(256)]
    )
    grain = grain.resize(SIZE, Image.Resampling.BILINEAR)
    made = []
    for number in range(count):
        soft = Image.frombytes("RGB", (80, 60), rng.randbytes(80 * 60 * 3))
        picture = soft.resize(SIZE, Image.Resampling.BICUBIC)
        picture = ImageChops.add(picture, Image.merge("RGB", (grain, grain, grain)))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=90)
        path = folder / f"{number:03}.jpg"
        path.write_bytes(file.getvalue())
        made.append((hashlib.sha256(file.getvalue()).hexdigest(), path))
    return made


def reference(originals: list[tuple[str, Path]], target: Path) -> float:
    """Summed pictures a second of two processes with half of the pictures each."""
    target.mkdir(exist_ok=True)
    halves = [[str(path) for _, path in originals[start::2]] for start in (0, 1)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", REFERENCE, str(target), *half],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for half in halves
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return sum(float(process.communicate()[0]) for process in processes)


def measured(originals: list[tuple[str, Path]], target: Path) -> float:
    """Pictures a second of ours on two threads, hashes and atomic writes included."""
    begun = time.perf_counter()
    done = list(prepare_many(originals, PrepareSettings(), target, workers=2))
    taken = time.perf_counter() - begun
    assert not [file for file in done if file.flag]
    return len(done) / taken


if __name__ == "__main__":
    sys.exit(main())
