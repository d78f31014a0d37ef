"""The process that processes a job's data and trains: ``python -m stillroom.sandbox.bedrock.worker FOLDER``.

It reads ``job.pickle`` from its folder and says on stdout, a JSON object a line, what has been reached. It
ends when its stdin is closed, so that it never outlives the sandbox.
"""

from __future__ import annotations

import json
import math
import os
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from stillroom.sandbox import media, rules, trainer
from stillroom.sandbox.vision import UnreadablePicture

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to do."""

    base: str
    """Foundation model id."""
    training: tuple[rules.Parsed, ...]
    validation: tuple[rules.Parsed, ...]
    pictures: dict[str, str]
    """Path by URI."""
    epochs: int
    learning_rate: float
    warmup_steps: int
    batch_size: int
    weights: bytes | None
    """Of the custom model to go on from."""
    seed: int


def main(folder: Path) -> int:
    """Process, train, write the results into the folder."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.nice(5)
    with (folder / "job.pickle").open("rb") as file:
        order: Order = pickle.load(file)  # noqa: S301 - the sandbox itself wrote it
    try:
        tokens, examples = _processed(order, order.training)
        validation = _processed(order, order.validation)[1]
    except rules.BadRecord as bad:
        _say(failed=bad.message, stage="dataProcessing")
        return 0
    _say(tokens=tokens)
    try:
        trained = trainer.train(
            examples,
            validation,
            epochs=order.epochs,
            learning_rate=order.learning_rate,
            warmup_steps=order.warmup_steps,
            base=order.weights or "untuned",
            seed=order.seed,
            batch_size=order.batch_size,
        )
    except UnreadablePicture as unreadable:
        # The header was that of a picture; only decoding shows that the rest is not.
        _say(failed=f"Invalid image: {unreadable}.", stage="dataProcessing")
        return 0
    (folder / "weights.bin").write_bytes(trained.weights)
    (folder / "training.csv").write_text(_table("training_loss", trained.training))
    if validation:
        (folder / "validation.csv").write_text(_table("validation_loss", trained.validation))
    last = [points[-1].loss if points else None for points in (trained.training, trained.validation)]
    _say(trained=True, training_loss=last[0], validation_loss=last[1])
    return 0


def _die_with_parent() -> None:
    # The file descriptor, not the stream: a thread that holds a stream's lock spoils a normal end.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


def _say(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _processed(order: Order, records: Sequence[rules.Parsed]) -> tuple[int, list[trainer.Example]]:
    """Tokens of all records, and what to train on. Of videos and documents only the size is looked at."""
    tokens, examples = 0, []
    sizes: dict[tuple[str, str], media.PictureSize] = {}
    for record in records:
        pictures = [medium for medium in record.media if medium.kind == "image"]
        for medium in record.media:
            path = Path(order.pictures[medium.uri])
            if medium.kind != "image":
                media.check_size(medium, _found(path.stat, medium).st_size)
            elif (medium.uri, medium.format) not in sizes:
                size = media.check_picture(medium, _found(path.read_bytes, medium))
                sizes[medium.uri, medium.format] = size
        own = [sizes[medium.uri, medium.format] for medium in pictures]
        tokens += media.record_tokens(record, own, order.base)
        seen = Path(order.pictures[pictures[0].uri]) if pictures else None
        examples.append(trainer.Example(record.system, record.prompt, record.label, seen))
    return tokens, examples


def _found(look: Callable[[], Found], medium: rules.Media) -> Found:
    try:
        return look()
    except FileNotFoundError:
        message = (
            f"Could not validate GetObject permissions to access Amazon S3 bucket: {medium.bucket} at "
            f"key {medium.key}"
        )
        raise rules.BadRecord(message, rule="readable", stage="dataProcessing") from None


def _table(loss: str, points: Sequence[trainer.Point]) -> str:
    rows = [f"step_number,epoch_number,{loss},perplexity"]
    rows += [f"{one.step},{one.epoch},{one.loss:.6f},{math.exp(min(one.loss, 700)):.6f}" for one in points]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    # Pickled under its importable name, not as __main__.
    from stillroom.sandbox.bedrock import worker

    sys.exit(worker.main(Path(sys.argv[1])))
