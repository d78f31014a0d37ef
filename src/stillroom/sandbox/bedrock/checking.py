"""The first stage of a job: are the data there, readable by the role, and records?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stillroom.sandbox import ACCOUNT, rules
from stillroom.sandbox.bedrock.things import Thing
from stillroom.sandbox.identity.roles import Roles
from stillroom.sandbox.s3.access import FOREIGN
from stillroom.sandbox.s3.storage import Storage

_PROBE = ".write_access_check_file.tmp"
_PATIENCE = 500
"""Pictures looked up before other requests get their turn."""


class JobFailed(Exception):
    """A job fails in a stage; the message is its ``failureMessage``."""

    def __init__(self, stage: str, message: str) -> None:
        super().__init__(message)
        self.stage = stage
        self.message = message


@dataclass(frozen=True, slots=True)
class DataFile:
    """One JSONL file that passed, with where its pictures lie."""

    name: str
    records: tuple[rules.Parsed, ...]
    pictures: dict[str, str]
    """Path of the picture's bytes by its URI."""


@dataclass(frozen=True, slots=True)
class Data:
    """All data of a job."""

    training: DataFile
    validation: tuple[DataFile, ...]


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of an ``s3://`` address."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def under(output: str, name: str) -> tuple[str, str]:
    """Bucket and key of a file below a job's output address."""
    bucket, key = split_uri(output)
    return bucket, f"{key.rstrip('/')}/{name}".lstrip("/")


class Checking:
    """Looks at a job's data with the eyes of its role."""

    def __init__(self, storage: Storage, roles: Roles) -> None:
        self._storage = storage
        self._roles = roles

    def may(self, job: Thing, action: str, bucket: str, key: str) -> bool:
        """Whether the job's role may do something with an object of a bucket in the job's Region."""
        found = self._storage.bucket(bucket)
        if found is None or bucket.startswith(FOREIGN) or found["region"] != job["region"]:
            return False
        return self._roles.permits(job["role"], action, f"arn:aws:s3:::{bucket}/{key}")

    def probe(self, job: Thing, now: float) -> None:
        """Write the probe file that shows whether results can be written.

        Raises:
            JobFailed: The role may not write there.
        """
        bucket, key = under(job["output_data"]["s3Uri"], _PROBE)
        if not self.may(job, "s3:PutObject", bucket, key):
            message = (
                "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to "
                f"access Amazon S3 bucket: {bucket} at key {key}"
            )
            raise JobFailed("validation", message)
        empty = "d41d8cd98f00b204e9800998ecf8427e"
        self._storage.write(bucket, key, b"", empty, now, "binary/octet-stream")

    async def check(self, job: Thing) -> Data:
        """Read and check everything that needs no look into pictures.

        Raises:
            JobFailed: The data are not readable or break a rule.
        """
        validators = [one["s3Uri"] for one in job["validation_data"]["validators"]]
        try:
            training = await self._file(job, job["training_data"]["s3Uri"])
            validation = [await self._file(job, uri) for uri in validators]
            everything = [record for one in (training, *validation) for record in one.records]
            kinds = {medium.kind for record in everything for medium in record.media}
            count = sum(len(one.records) for one in validation)
            rules.check_dataset(len(training.records), count, job["base"], kinds=kinds)
            for one in (training, *validation):
                await asyncio.to_thread(_check_words, one)
        except rules.BadRecord as bad:
            raise JobFailed(bad.stage, bad.message) from None
        return Data(training, tuple(validation))

    def _object(self, job: Thing, bucket: str, key: str, owner: str = "") -> str:
        """Path of an object's bytes; ``owner`` is the account that its bucket must belong to."""
        readable = owner in ("", ACCOUNT) and self.may(job, "s3:GetObject", bucket, key)
        item = self._storage.stored(bucket, key) if readable else None
        if item is None:
            message = (
                f"Could not validate GetObject permissions to access Amazon S3 bucket: {bucket} at key {key}"
            )
            raise JobFailed("validation", message)
        return str(self._storage.path(item.file))

    async def _file(self, job: Thing, uri: str) -> DataFile:
        bucket, key = rules.check_file(uri)
        path = self._object(job, bucket, key)
        name = key.rpartition("/")[2]
        records = await asyncio.to_thread(_parsed, Path(path), name, bucket, job["base"])
        pictures: dict[str, str] = {}
        for number, medium in enumerate(_media(records)):
            if medium.uri not in pictures or medium.bucket_owner not in ("", ACCOUNT):
                pictures[medium.uri] = self._object(job, medium.bucket, medium.key, medium.bucket_owner)
            if number % _PATIENCE == _PATIENCE - 1:
                await asyncio.sleep(0)
        return DataFile(name, records, pictures)


def _media(records: Iterable[rules.Parsed]) -> Iterable[rules.Media]:
    return (medium for record in records for medium in record.media)


def _parsed(path: Path, name: str, bucket: str, base: str) -> tuple[rules.Parsed, ...]:
    try:
        with path.open("rb") as file:
            return tuple(
                rules.check_line(line, number, base, file=name, bucket=bucket)
                for number, line in enumerate(file, 1)
            )
    except FileNotFoundError:
        raise rules.BadRecord(
            f"Could not validate GetObject permissions to access Amazon S3 bucket: {bucket} at key {name}",
            rule="readable",
        ) from None


def _check_words(file: DataFile) -> None:
    for number, record in enumerate(file.records, 1):
        rules.check_words(record, number, file.name)
