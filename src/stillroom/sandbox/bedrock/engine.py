"""Runs customization jobs: stages by the sandbox's clock, the training itself in processes of their own."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from stillroom.sandbox.bedrock.checking import Checking, Data, JobFailed, under
from stillroom.sandbox.bedrock.customization import RUNNING, STAGES
from stillroom.sandbox.bedrock.hyperparameters import read_hyperparameters
from stillroom.sandbox.bedrock.models import CustomModels
from stillroom.sandbox.bedrock.things import Thing, Things
from stillroom.sandbox.bedrock.worker import Order
from stillroom.sandbox.bedrock.workers import Workers
from stillroom.sandbox.bill import Bill
from stillroom.sandbox.clock import Clock
from stillroom.sandbox.knobs import Knobs
from stillroom.sandbox.s3.storage import Storage

# Half an hour whatever the size and 1.2 s a record and epoch: fitted through two published runs.
VALIDATION = 600.0
PROCESSING = 600.0
TRAINING = 600.0
A_RECORD = 1.2
STOPPING = 120.0
"""Sandbox seconds from the request to stop until the job is Stopped."""
_LOOK = 0.05
"""Wall seconds between looks at a job's clock and at a wish to stop it."""
_UNEXPECTED = "Encountered an unexpected error when processing the request, please try again"


class _Stopped(Exception):
    """Somebody asked the job to stop."""


@dataclass(slots=True)
class _Progress:
    """What a job's worker has said so far."""

    tokens: int | None = None
    facts: dict[str, Any] | None = None
    failure: JobFailed | None = None


class Engine:
    """All running jobs, one task each."""

    def __init__(
        self,
        things: Things,
        models: CustomModels,
        storage: Storage,
        checking: Checking,
        clock: Clock,
        bill: Bill,
        knobs: Callable[[], Knobs],
    ) -> None:
        self._things = things
        self._models = models
        self._storage = storage
        self._checking = checking
        self._clock = clock
        self._bill = bill
        self._knobs = knobs
        self._tasks: set[asyncio.Task[None]] = set()
        self._folder = things.state.folder / "work"
        self._workers = Workers(self._folder)

    @property
    def running(self) -> int:
        """How many jobs run."""
        return len(self._tasks)

    def resume(self) -> None:
        """Go on with the jobs that ran when the sandbox ended; their clock ran on."""
        shutil.rmtree(self._folder, ignore_errors=True)
        for job in self._things.all("job"):
            if job["status"] in RUNNING:
                self.begin(job)

    def begin(self, job: Thing) -> None:
        """Run a stored job to its end."""
        task = asyncio.get_running_loop().create_task(self._run(job["arn"]))
        self._tasks.add(task)
        task.add_done_callback(lambda ended: self._ended(job["arn"], ended))

    def _ended(self, arn: str, task: asyncio.Task[None]) -> None:
        """A job whose task broke fails as one would on the service; the reason goes to stderr."""
        self._tasks.discard(task)
        if not task.cancelled() and (broken := task.exception()) is not None:
            sys.stderr.write(f"sandbox: {arn}: {type(broken).__name__}: {broken}\n")
            stages = self._job(arn)["stages"]
            stage = next((one for one in STAGES if stages[one]["status"] == "InProgress"), "training")
            self._fail(arn, JobFailed(stage, _UNEXPECTED))

    async def close(self) -> None:
        """Leave all jobs as they are, to be resumed."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._workers.close()

    def _job(self, arn: str) -> Thing:
        job = self._things.by_arn(arn)
        if job is None:
            raise RuntimeError(f"the job {arn} vanished")
        return job

    async def _run(self, arn: str) -> None:
        folder = self._folder / arn.rpartition("/")[2]
        try:
            await self._stages(self._job(arn), folder)
        except JobFailed as failed:
            self._fail(arn, failed)
        except _Stopped:
            await self._stop(arn)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def _stages(self, job: Thing, folder: Path) -> None:
        arn, began = job["arn"], job["began"]
        try:
            data = await self._late(arn, began + VALIDATION, self._validated(job))
        except JobFailed as failed:
            if failed.stage == "dataProcessing":
                # The text shows it at once, the service only notices when it processes the data.
                self._enter(arn, "dataProcessing")
                await self._until(arn, began + VALIDATION + PROCESSING, lambda: True)
            raise
        self._enter(arn, "dataProcessing")
        hyper = read_hyperparameters(job["hyper"])
        ends = (
            began + VALIDATION + PROCESSING + TRAINING + A_RECORD * len(data.training.records) * hyper.epochs
        )
        progress = _Progress()
        worker = asyncio.get_running_loop().create_task(self._work(job, data, folder, progress))
        try:
            await self._until(
                arn, began + VALIDATION + PROCESSING, lambda: progress.tokens is not None or worker.done()
            )
            if progress.failure is not None and progress.failure.stage == "dataProcessing":
                raise progress.failure
            total = (progress.tokens or 0) * hyper.epochs
            self._enter(arn, "training", total=total, training_until=ends)
            if self._unlucky(arn):
                await self._until(arn, (self._clock.now() + ends) / 2, lambda: True)
                raise JobFailed("training", _UNEXPECTED)
            await self._until(arn, ends, worker.done)
            if progress.failure is not None:
                raise progress.failure
            if progress.facts is None:
                raise JobFailed("training", _UNEXPECTED)
            self._complete(arn, folder, progress.facts)
        finally:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)

    async def _validated(self, job: Thing) -> Data:
        data = await self._checking.check(job)
        self._checking.probe(job, self._things.wall())
        return data

    async def _late(self, arn: str, when: float, work: Any) -> Data:
        """The result of a stage's work, or its failure, not before the stage's time is over."""
        task = asyncio.get_running_loop().create_task(work)
        try:
            await self._until(arn, when, task.done)
            data: Data = await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return data

    async def _until(self, arn: str, when: float, ready: Callable[[], bool]) -> None:
        """Wait until the clock and the work have got there.

        Raises:
            _Stopped: Somebody asked the job to stop meanwhile.
        """
        while True:
            if self._job(arn)["status"] == "Stopping":
                raise _Stopped
            left = self._clock.wall_until(when)
            if left <= 0 and ready():
                return
            await asyncio.sleep(min(_LOOK, left) if left > 0 else _LOOK / 5)

    def _unlucky(self, arn: str) -> bool:
        knobs = self._knobs()
        return random.Random(f"{knobs.seed}:{self._job(arn)['name']}").random() < knobs.faults.job  # noqa: S311

    async def _work(self, job: Thing, data: Data, folder: Path, progress: _Progress) -> None:
        await asyncio.to_thread(_write_order, folder, self._order(job, data))
        await self._workers.train(folder.name, partial(_heard, progress))

    def _order(self, job: Thing, data: Data) -> Order:
        hyper = read_hyperparameters(job["hyper"])
        pictures = dict(data.training.pictures)
        for one in data.validation:
            pictures |= one.pictures
        return Order(
            base=job["base"],
            training=data.training.records,
            validation=tuple(record for one in data.validation for record in one.records),
            pictures=pictures,
            epochs=hyper.epochs,
            learning_rate=hyper.learning_rate,
            warmup_steps=hyper.warmup_steps,
            batch_size=hyper.batch_size,
            weights=self._models.weights(job["earlier"]) if job["earlier"] else None,
            seed=self._knobs().seed,
        )

    def _enter(self, arn: str, stage: str, **facts: Any) -> None:
        """Complete the stage before and begin one."""
        job, now = self._job(arn), self._things.wall()
        if job["status"] != "InProgress":
            raise _Stopped
        before = job["stages"][STAGES[STAGES.index(stage) - 1]]
        # A job that was resumed goes through its stages again, and keeps the times it had.
        if before["status"] != "Completed":
            before |= {"status": "Completed", "modified": now}
            job["stages"][stage] = {"status": "InProgress", "created": now, "modified": now}
        self._things.keep("job", job | facts | {"modified": now})

    def _fail(self, arn: str, failed: JobFailed) -> None:
        job, now = self._job(arn), self._things.wall()
        job["stages"][failed.stage] |= {"status": "Failed", "modified": now}
        for stage in STAGES[: STAGES.index(failed.stage)]:
            job["stages"][stage]["status"] = "Completed"
        ended = {"status": "Failed", "message": failed.message[:2048], "modified": now, "ended": now}
        with self._things.state.change():
            self._things.keep("job", job | ended)
            self._charge(job, self._clock.now())

    async def _stop(self, arn: str) -> None:
        job = self._job(arn)
        when = job.get("stop_asked", self._clock.now())
        while left := self._clock.wall_until(when + STOPPING):
            await asyncio.sleep(min(_LOOK, left))
        now = self._things.wall()
        for stage in job["stages"].values():
            if stage["status"] in ("Stopping", "InProgress"):
                stage |= {"status": "Stopped", "modified": now}
        with self._things.state.change():
            self._things.keep("job", job | {"status": "Stopped", "modified": now, "ended": now})
            self._charge(job, when)

    def _charge(self, job: Thing, until: float) -> None:
        """Bill the tokens trained until a moment; nothing when training never began."""
        total, ends = job.get("total"), job.get("training_until")
        if total and ends:
            starts = job["began"] + VALIDATION + PROCESSING
            share = min(1.0, max(0.0, (until - starts) / (ends - starts)))
            if share:
                self._bill.trained(job["name"], job["base"], int(total * share))

    def _complete(self, arn: str, folder: Path, facts: dict[str, Any]) -> None:
        job, now = self._job(arn), self._things.wall()
        if job["status"] != "InProgress":
            raise _Stopped
        artifacts = _artifacts(job, folder)
        for bucket, key in artifacts:
            if not self._checking.may(job, "s3:PutObject", bucket, key):
                message = (
                    "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions "
                    f"to access Amazon S3 bucket: {bucket} at key {key}"
                )
                raise JobFailed("training", message)
        losses = facts["training_loss"], facts["validation_loss"]
        job["stages"]["training"] |= {"status": "Completed", "modified": now}
        job |= {
            "status": "Completed",
            "modified": now,
            "ended": now,
            "training_metrics": {"trainingLoss": losses[0]},
            "validation_metrics": [] if losses[1] is None else [{"validationLoss": losses[1]}],
        }
        with self._things.state.change():
            for (bucket, key), data in artifacts.items():
                etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
                self._storage.write(bucket, key, data, etag, now, "text/csv")
            self._models.add(_model(job, now), (folder / "weights.bin").read_bytes())
            self._bill.trained(job["name"], job["base"], job["total"])
            self._things.keep("job", job)


def _artifacts(job: Thing, folder: Path) -> dict[tuple[str, str], bytes]:
    """Bucket, key and bytes of what a completed job writes."""
    root = f"model-customization-job-{job['arn'].rpartition('/')[2]}"
    names = {
        "training.csv": f"{root}/training_artifacts/step_wise_training_metrics.csv",
        "validation.csv": (
            f"{root}/validation_artifacts/post_fine_tuning_validation/validation/validation_metrics.csv"
        ),
    }
    return {
        under(job["output_data"]["s3Uri"], name): (folder / source).read_bytes()
        for source, name in names.items()
        if (folder / source).exists()
    }


def _model(job: Thing, now: float) -> Thing:
    same = (
        "base",
        "base_name",
        "base_arn",
        "foundation_arn",
        "hyper",
        "training_data",
        "validation_data",
        "output_data",
        "training_metrics",
        "validation_metrics",
        "region",
    )
    return {name: job[name] for name in same} | {
        "arn": job["model"],
        "name": job["model_name"],
        "created": now,
        "job": job["arn"],
        "job_name": job["name"],
        "tags": job["model_tags"],
    }


def _write_order(folder: Path, order: Order) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "job.pickle").write_bytes(pickle.dumps(order))


def _heard(progress: _Progress, facts: dict[str, Any]) -> None:
    if "failed" in facts:
        progress.failure = JobFailed(facts["stage"], facts["failed"])
    elif "tokens" in facts:
        progress.tokens = facts["tokens"]
    else:
        progress.facts = facts
