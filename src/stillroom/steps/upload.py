"""Upload: the pictures that records name, and the records themselves, under their content hashes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from stillroom.aws import buckets
from stillroom.aws.buckets import BucketFact
from stillroom.aws.uploading import Upload, UploadProgress, object_key, upload_many
from stillroom.background import Progress
from stillroom.errors import Interrupted, NotFound, UsageError, reason
from stillroom.money import Amount, Kind, Price
from stillroom.money import Step as PaidStep
from stillroom.money.estimate import Line as PriceLine
from stillroom.pictures import PreparedFile, Side
from stillroom.plural import plural
from stillroom.steps.foundation import lacks_bucket, note_gone, note_there
from stillroom.steps.mending import mended_by, refuse_altered, refuse_out_of_date
from stillroom.steps.orders import all_built, built
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.preparing import ensure_prepared, prepared_folder
from stillroom.steps.price_notes import price_notes
from stillroom.steps.quoting import plan_command
from stillroom.steps.scanned import refuse_changed_since_scan
from stillroom.steps.trainable import refuse_files
from stillroom.steps.workspace import Workspace
from stillroom.store import RecordsFile
from stillroom.store import Upload as Seen

_URI = re.compile(rb'"uri": ?"(s3://[^"\\]+)"')
"""A picture in a record; inside a text the quotes would be escaped."""


@dataclass(frozen=True, kw_only=True)
class UploadPlan(Plan):
    """What to bring into which bucket."""

    bucket: str
    files: int
    bytes: int
    missing: int
    """Files that this project has not yet seen in the bucket."""
    missing_bytes: int
    keys: frozenset[str] = field(metadata={"private": True})
    """Of all ``files``; nothing else is sent."""


@dataclass(frozen=True, slots=True)
class Failed:
    """One object that did not get there."""

    key: str
    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    """What is in the bucket now."""

    bucket: str
    total: int
    sent: int
    skipped: int
    """They were there, and equal."""
    sent_bytes: int
    failed: tuple[Failed, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class UploadStep:
    """Uploads what is missing and verifies all of it afterwards. Never makes a bucket public."""

    sizes: tuple[int, ...] = ()
    """Empty: those that the present settings and labels make."""

    def plan(self, workspace: Workspace) -> UploadPlan:
        """Count files and bytes; asks nobody.

        Raises:
            UsageError: As :meth:`reckon` does, records are not those of the present labels and settings, or
                other files are chosen than were scanned.
        """
        refuse_changed_since_scan(workspace)
        plan = self.reckon(workspace)
        refuse_out_of_date(workspace, built(workspace, self.sizes))
        return plan

    def reckon(self, workspace: Workspace) -> UploadPlan:
        """The same of whatever was built, also of labels that are no longer the present ones.

        Raises:
            UsageError: There are no records, too few or too many for a job, or no bucket is named.
        """
        bucket = workspace.settings.aws.bucket
        if not bucket:
            raise UsageError("No bucket is set.", "Run: stillroom setup")
        files = built(workspace, self.sizes)
        refuse_files(files)
        wanted = uploads(workspace, files)
        seen = workspace.store.records.uploaded(bucket)
        missing = [one for one in wanted if one.key not in seen]
        size = sum(one.size for one in missing)
        line = _line(workspace, storage_price(workspace, len(missing), size))
        return UploadPlan(
            verb="upload",
            title=(
                f"Upload {plural(len(missing), 'file')} ({size / 1e6:.1f} MB) to s3://{bucket}"
                if missing
                else f"Nothing is left to upload: {plural(len(wanted), 'file')} in s3://{bucket}."
            ),
            count=len(missing),
            lines=(
                Line(
                    "in all", f"{plural(len(wanted), 'file')}, {sum(one.size for one in wanted) / 1e6:.1f} MB"
                ),
            ),
            price=line.amount,
            stops=(lacking,) if (lacking := lacks_bucket(workspace)) else (),
            notes=(f"It pays for {_PAID_FOR}.", *price_notes(workspace, S3, [line])) if missing else (),
            command=plan_command("upload", size=self.sizes),
            needs_consent=bool(missing),
            bucket=bucket,
            files=len(wanted),
            bytes=sum(one.size for one in wanted),
            missing=len(missing),
            missing_bytes=size,
            keys=frozenset(one.key for one in wanted),
        )

    def execute(self, workspace: Workspace, plan: UploadPlan, watch: Watch) -> UploadOutcome:
        """Upload.

        Raises:
            UsageError: What was planned is no longer what the present labels and settings make.
            Refused: The bucket is missing, not ours, or may not be written; or what was sent to it before has
                gone, and is in no plan's price.
            Interrupted: Stopped; what was sent is kept.
        """
        account = workspace.account()
        session = workspace.session()
        fact = buckets.look(session, plan.bucket, account)
        if not fact.exists:
            note_gone(workspace, plan.bucket)
            raise NotFound(f"There is no bucket {plan.bucket}.", "Run stillroom setup: it makes it.")
        warning = buckets.region_warning(fact, workspace.settings.aws.region)
        wanted = self._as_planned(workspace, plan, watch)
        began = workspace.now()

        def report(progress: UploadProgress) -> None:
            rate = progress.done / max(1e-6, workspace.now() - began)
            watch.slot.put(
                Progress(
                    "upload",
                    progress.done,
                    progress.total,
                    "files",
                    rate,
                    (progress.total - progress.done) / rate if rate else None,
                    progress.failed,
                    detail=f"{progress.skipped:,} were there" if progress.skipped else "",
                )
            )

        result = upload_many(
            session,
            plan.bucket,
            wanted,
            account=account,
            look=partial(_refuse_lost, workspace, plan.bucket, [one.key for one in wanted]),
            report=report,
            cancelled=watch.signals.cancelled,
        )
        _note_seen(workspace, fact, [one for one in wanted if one.key in result.there])
        if result.cancelled:
            raise Interrupted(
                "Upload stopped.", "What was sent is kept: stillroom upload goes on from there."
            )
        workspace.store.diary.add_event("upload", f"{plural(result.sent, 'file')} to {plan.bucket}")
        return UploadOutcome(
            plan.bucket,
            result.total,
            result.sent,
            result.skipped,
            result.sent_bytes,
            tuple(Failed(one.key, one.what, one.todo) for one in result.failures),
            (warning,) if warning else (),
        )

    def _as_planned(self, workspace: Workspace, plan: UploadPlan, watch: Watch) -> list[Upload]:
        """The files of the plan, and none of what was built since.

        Raises:
            UsageError: Some of them are no longer to be sent.
        """
        prefix = workspace.settings.aws.prefix
        files = [
            file for file in built(workspace, self.sizes) if records_key(prefix, file.sha256) in plan.keys
        ]
        refuse_out_of_date(workspace, files)
        _prepare(workspace, files, watch)
        wanted = uploads(workspace, files)
        if {one.key for one in wanted} != plan.keys:
            raise UsageError(
                "Other records were built since the upload was planned; nothing was sent.",
                "Run the same command again: its plan tells what is to be sent now.",
            )
        return wanted


def _refuse_lost(workspace: Workspace, bucket: str, wanted: Iterable[str], held: Collection[str]) -> None:
    """Send nothing again that the plan took to be there: nobody has been shown what that costs.

    Raises:
        NotFound: Files that were sent before have gone. They are known as missing from now on.
    """
    known = workspace.store.records.uploaded(bucket)
    if lost := [key for key in wanted if key in known and key not in held]:
        workspace.store.records.forget_uploads(bucket, lost)
        raise NotFound(
            f"{plural(len(lost), 'file that was', 'files that were')} sent before "
            f"{'is' if len(lost) == 1 else 'are'} no longer in {bucket}; nothing was sent.",
            "Run the same command again: its plan tells what they cost.",
        )


def _note_seen(workspace: Workspace, bucket: BucketFact, there: Sequence[Upload]) -> None:
    """Write down what is in the bucket, and so that there is one."""
    if there:
        # Somebody else may have made it again: who may not run setup has it done.
        note_there(workspace, bucket.name, bucket.region)
    seen = [Seen(one.key, one.size, "", one.sha256) for one in there]
    workspace.store.records.save_uploads(bucket.name, seen)


def _prepare(workspace: Workspace, records: Sequence[RecordsFile], watch: Watch) -> None:
    """Somebody may have emptied the folder of prepared files since the records were built."""
    needed = {file.content for files in _named(workspace, records).values() for file in files}
    ensure_prepared(
        workspace, [row for row in workspace.store.pictures.contents() if row.content in needed], watch
    )


def uploads(workspace: Workspace, files: Sequence[RecordsFile] | None = None) -> list[Upload]:
    """Everything that built records need in the bucket: the pictures they name first, themselves last.

    Args:
        workspace: The project.
        files: Records files; None: those that the present settings and labels make.

    Raises:
        UsageError: There are no records, or they cannot be read, are not what was built, or name other
            pictures than the project's settings make.
    """
    named = _named(workspace, built(workspace) if files is None else files)
    prefix, folder = workspace.settings.aws.prefix, prepared_folder(workspace)
    found: dict[str, Upload] = {}
    for pictures in named.values():
        for one in pictures:
            key = _picture_key(prefix, one)
            found[key] = Upload(folder / one.path, key, one.size, one.sha256, f"image/{one.format}")
    for record in named:
        key = records_key(prefix, record.sha256)
        path = workspace.root / record.path
        found[key] = Upload(path, key, record.bytes, record.sha256, "application/jsonl")
    return list(found.values())


def _named(workspace: Workspace, files: Sequence[RecordsFile]) -> dict[RecordsFile, list[PreparedFile]]:
    """The prepared pictures that each records file names: labels may have changed since it was built."""
    uris: dict[RecordsFile, list[str]] = {}
    for record in files:
        refuse_altered(workspace, [record])
        try:
            uris[record] = list(_uris(workspace.root / record.path))
        except OSError as error:
            refuse_altered(workspace, [record])  # it may have gone just now
            raise UsageError(
                f"{record.path} cannot be read: {reason(error)}.",
                f"Make it readable, or delete it and run: {mended_by()}",
            ) from error
    by_hash = workspace.store.pictures.prepared_as(
        prepared_folder(workspace).name, {_hash_in(uri) for named in uris.values() for uri in named}
    )
    start = f"s3://{workspace.settings.aws.bucket}/"
    found: dict[RecordsFile, list[PreparedFile]] = {}
    for record, named in uris.items():
        found[record] = []
        for uri in named:
            file = by_hash.get(_hash_in(uri))
            if file is None or uri != start + _picture_key(workspace.settings.aws.prefix, file):
                raise UsageError(
                    f"{record.path} was built with another bucket, prefix or preparation.",
                    "Run: stillroom build",
                )
            found[record].append(file)
    return found


def _uris(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for line in file:
            for uri in _URI.findall(line):
                yield uri.decode()


def _hash_in(uri: str) -> str:
    """The content hash that a picture's key ends with."""
    return uri.rpartition("/")[2].partition(".")[0]


def _picture_key(prefix: str, file: PreparedFile) -> str:
    return object_key(prefix, "pictures", file.sha256, file.path.rpartition(".")[2])


def records_key(prefix: str, sha256: str) -> str:
    """Key of a records file in the bucket, by the hash of its bytes."""
    return object_key(prefix, "records", sha256, "jsonl")


S3 = "aws.s3"
"""What the price book calls it."""
_PAID_FOR = "requests, and a month of storage"


def storage_prices(workspace: Workspace) -> tuple[Price, Price]:
    """What S3 takes for sending files to it and for keeping them."""
    region = workspace.settings.aws.region
    sending = workspace.prices.price(S3, Kind.WRITE, region=region)
    return sending, workspace.prices.price(S3, Kind.GIGABYTE, region=region)


def storage_price(workspace: Workspace, files: int, size: int) -> Amount:
    """Price of putting files into S3 and keeping them for a month."""
    put, month = (price.amount for price in storage_prices(workspace))
    if put is None or month is None:
        return Amount.exactly(None)
    return Amount.exactly(put * files / 1000 + month * size / 1_000_000_000)


def upload_estimate(workspace: Workspace, *, afresh: bool) -> PriceLine | None:
    """Price of what is still to be uploaded; None when all of it is there.

    Until all records are built, or when new labels will make others (``afresh``), it is reckoned: every
    picture that trains or validates and is not in the bucket yet, likely at no more than 100 KB, at
    most at 1 MB or its own size. One file has to be sent at least: records of which nobody knows how many
    pictures they name.
    """
    aws = workspace.settings.aws
    if aws.role_arn and aws.bucket and not afresh and all_built(workspace):
        try:
            plan = UploadStep().reckon(workspace)
        except UsageError:
            # A records file was lost or edited: it will be built and uploaded again.
            pass
        else:
            return _line(workspace, plan.price) if plan.missing else None
    every = workspace.store.pictures.contents((Side.TRAIN, Side.VALIDATION))
    if not every:
        return None
    there = _pictures_there(workspace)
    rows = [row for row in every if row.content not in there]
    files = len(rows) + len(workspace.settings.training.sizes) + 2
    likely = storage_price(workspace, files, sum(min(row.size, 100_000) for row in rows)).likely
    high = storage_price(workspace, files, sum(max(row.size, 1_000_000) for row in rows)).high
    low = storage_price(workspace, 1, 0).low
    if low is None or likely is None or high is None:
        return _line(workspace, Amount.exactly(None))
    line = _line(workspace, Amount(low, likely, high))
    return replace(line, how=f"{line.how}, before the records are built")


def _pictures_there(workspace: Workspace) -> set[str]:
    """The contents whose prepared files were seen in the bucket."""
    aws = workspace.settings.aws
    seen = workspace.store.records.uploaded(aws.bucket) if aws.bucket else {}
    if not seen:
        return set()
    made = workspace.store.pictures.prepared(prepared_folder(workspace).name)
    return {
        content for content, file in made.items() if not file.flag and _picture_key(aws.prefix, file) in seen
    }


def _line(workspace: Workspace, price: Amount) -> PriceLine:
    unverified = any(one.unverified for one in storage_prices(workspace))
    how = _PAID_FOR + (" (unverified)" if unverified and price.known else "")
    return PriceLine(PaidStep.UPLOAD, "upload", price, how, unverified=unverified)
