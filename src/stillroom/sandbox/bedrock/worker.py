"""The process that processes jobs' data and trains: ``python -m stillroom.sandbox.bedrock.worker FOLDER``.

It reads names of jobs on stdin, a JSON string a line, works on one after the other in their folders below
its own, and says on stdout, a JSON object a line, what has been reached; ``done`` comes last of each job. It
ends when its stdin is closed, so that it never outlives the sandbox.
"""

from __future__ import annotations

import json
import math
import os
import pickle
import queue
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


def main(folder: Path) -> None:
    """Work on jobs as their names come in."""
    names: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(names,), daemon=True).start()
    os.nice(5)
    while True:
        work(folder / names.get())
        _say(done=True)


def work(folder: Path) -> None:
    """Process what ``job.pickle`` tells, train, write the results into the job's folder."""
    with (folder / "job.pickle").open("rb") as file:
        order: Order = pickle.load(file)  # noqa: S301 - the sandbox itself wrote it
    try:
        tokens, examples = _processed(order, order.training)
        validation = _processed(order, order.validation)[1]
    except rules.BadRecord as bad:
        _say(failed=bad.message, stage="dataProcessing")
        return
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
        return
    (folder / "weights.bin").write_bytes(trained.weights)
    (folder / "training.csv").write_text(_table("training_loss", trained.training))
    if validation:
        (folder / "validation.csv").write_text(_table("validation_loss", trained.validation))
    last = [points[-1].loss if points else None for points in (trained.training, trained.validation)]
    _say(trained=True, training_loss=last[0], validation_loss=last[1])


def _listen(names: queue.SimpleQueue[str]) -> None:
    """Hand on the names of jobs; when the sandbox is gone, end at once, whatever is being worked on."""
    # A stream of its own: a thread that holds the lock of sys.stdin spoils the end that an error brings.
    with open(sys.stdin.fileno(), closefd=False) as lines:
        for line in lines:
            names.put(json.loads(line))
    os._exit(0)


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

    worker.main(Path(sys.argv[1]))
