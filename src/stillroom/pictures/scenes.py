"""Drawn pictures for the demo: varied, free of rights, and the same for the same seed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

from stillroom.pictures import scenery, townscapes
from stillroom.pictures.canvas import Canvas, encoded
from stillroom.pictures.moods import Mood, draw_mood
from stillroom.pictures.storing import store_file
from stillroom.pictures.working import usable_cores

Motif = Callable[[Canvas, Mood], None]

MOTIFS: tuple[Motif, ...] = (
    scenery.sea,
    scenery.hills,
    scenery.mountains,
    scenery.forest,
    scenery.dunes,
    scenery.snow,
    scenery.field,
    scenery.balloons,
    scenery.aurora,
    scenery.shoal,
    townscapes.city,
    townscapes.street,
    townscapes.room,
    townscapes.flower,
    townscapes.table,
    townscapes.pattern,
    townscapes.weave,
)
_SIZES = ((576, 432), (576, 432), (576, 432), (600, 400), (432, 576), (432, 576), (500, 500), (640, 360))
_WORTH_A_PROCESS = 30
"""Scenes; starting a process takes about as long as drawing so many."""


def draw_scenes(
    folder: Path,
    count: int,
    seed: int,
    workers: int | None = None,
    *,
    told: Callable[[int], None] = lambda drawn: None,
) -> None:
    """Draw `count` varied scenes as JPEG files ``scene-0000.jpg`` …

    A scene depends on the seed and its own number alone, so a larger count adds scenes and changes none.
    Files that are there stay: drawing that was stopped goes on.
    Processes share the work, because Pillow draws under the interpreter's lock. Each ends by itself when its
    share is done, even when this process was killed.

    Args:
        folder: Made when missing.
        count: How many.
        seed: Any whole number.
        workers: Processes; None: one for each usable core.
        told: Is told about how many are drawn, after each that this process draws, and all at the end. What
            it raises ends the drawing.

    Raises:
        StorageFull: The disk is full or the folder cannot be written.
    """
    shares = max(1, min(workers or usable_cores(), count // _WORTH_A_PROCESS))
    helpers = {share: _start_helper(folder, count, seed, share, shares) for share in range(1, shares)}
    try:
        # The others are about as far with theirs: numbers go round among them.
        _draw_share(folder, count, seed, 0, shares, lambda number: told(number + 1))
        for share, helper in helpers.items():
            if helper.wait():
                _draw_share(folder, count, seed, share, shares)  # meets the same fault, and tells it
        told(count)
    finally:
        for helper in helpers.values():
            helper.terminate()
            helper.wait()


def _draw_share(
    folder: Path,
    count: int,
    seed: int,
    share: int,
    shares: int,
    stored: Callable[[int], None] = lambda number: None,
) -> None:
    for number in range(share, count, shares):
        file = folder / f"scene-{number:04}.jpg"
        if not file.exists():
            store_file(file, draw_scene(number, seed))
        stored(number)


def _start_helper(folder: Path, count: int, seed: int, share: int, shares: int) -> subprocess.Popen[bytes]:
    """Start this module as a program; silent: its parent draws what it leaves and meets its faults."""
    arguments = [os.fspath(folder), str(count), str(seed), str(share), str(shares)]
    return subprocess.Popen(
        [sys.executable, "-m", "stillroom.pictures.scenes", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def draw_scene(number: int, seed: int) -> bytes:
    """Draw one scene as JPEG."""
    rng = Random(f"scene:{seed}:{number}")  # noqa: S311 - drawing, not secrets
    canvas = Canvas(rng.choice(_SIZES), rng)
    rng.choice(MOTIFS)(canvas, draw_mood(rng))
    picture = canvas.finished(
        light=rng.uniform(0.12, 0.4),
        contrast=rng.uniform(0.75, 1.3),
        grain=rng.choice((0.0, 0.03, 0.06, 0.12)),
        shade=rng.choice((0.0, 0.3, 0.7, 1.2)),
    )
    return encoded(picture, quality=rng.randint(80, 92))


if __name__ == "__main__":
    count, seed, share, shares = map(int, sys.argv[2:])
    _draw_share(Path(sys.argv[1]), count, seed, share, shares)
