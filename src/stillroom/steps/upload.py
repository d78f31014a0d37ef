"""Upload: the pictures that records name, and the records themselves, under their content hashes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stillroom.aws import buckets
from stillroom.aws.uploading import Upload, UploadProgress, object_key, upload_many
from stillroom.background import Progress
from stillroom.errors import Interrupted, UsageError
from stillroom.money import Amount
from stillroom.pictures import Side
from stillroom.steps.build import examples
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.preparing import ensure_prepared, prepared_folder
from stillroom.steps.workspace import Workspace
from stillroom.store import RecordsFile
from stillroom.store import Upload as Seen


@dataclass(frozen=True, kw_only=True)
class UploadPlan(Plan):
    """What to bring into which bucket."""

    bucket: str
    files: int
    bytes: int
    missing: int
    """Files that this project has not yet seen in the bucket."""
    missing_bytes: int


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


class UploadStep:
    """Uploads what is missing and verifies all of it afterwards. Never makes a bucket public."""

    def plan(self, workspace: Workspace) -> UploadPlan:
        """Count files and bytes; asks nobody.

        Raises:
            UsageError: There are no records, or no bucket is named.
        """
        bucket = workspace.settings.aws.bucket
        if not bucket:
            raise UsageError("No bucket is set.", "Run: stillroom setup")
        wanted = uploads(workspace)
        seen = workspace.store.records.uploaded(bucket)
        missing = [one for one in wanted if one.key not in seen]
        size = sum(one.size for one in missing)
        return UploadPlan(
            verb="upload",
            title=f"Upload {len(missing):,} files ({size / 1e6:.1f} MB) to s3://{bucket}",
            count=len(missing),
            lines=(Line("in all", f"{len(wanted):,} files, {sum(one.size for one in wanted) / 1e6:.1f} MB"),),
            price=storage_price(workspace, len(missing), size),
            notes=("S3 requests and one month of storage at its list price (unverified).",),
            command="stillroom upload",
            needs_consent=bool(missing),
            bucket=bucket,
            files=len(wanted),
            bytes=sum(one.size for one in wanted),
            missing=len(missing),
            missing_bytes=size,
        )

    def execute(self, workspace: Workspace, plan: UploadPlan, watch: Watch) -> UploadOutcome:
        """Upload.

        Raises:
            Refused: The bucket is missing, not ours, or may not be written.
            Interrupted: Stopped; what was sent is kept.
        """
        account = workspace.account()
        session = workspace.session()
        fact = buckets.look(session, plan.bucket, account)
        warning = buckets.region_warning(fact, workspace.settings.aws.region) if fact.exists else ""
        _prepare(workspace, watch)
        wanted = uploads(workspace)
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
            session, plan.bucket, wanted, account=account, report=report, cancelled=watch.signals.cancelled
        )
        if result.cancelled:
            raise Interrupted(
                "Upload stopped.", "What was sent is kept: stillroom upload goes on from there."
            )
        broken = {failure.key for failure in result.failures}
        workspace.store.records.save_uploads(
            plan.bucket, [Seen(one.key, one.size, "", one.sha256) for one in wanted if one.key not in broken]
        )
        workspace.store.diary.add_event("upload", f"{result.sent} files to {plan.bucket}")
        return UploadOutcome(
            plan.bucket,
            result.total,
            result.sent,
            result.skipped,
            result.sent_bytes,
            tuple(Failed(one.key, one.what, one.todo) for one in result.failures),
            (warning,) if warning else (),
        )


def _prepare(workspace: Workspace, watch: Watch) -> None:
    """Somebody may have emptied the folder of prepared files since the records were built."""
    rows = [one.row for side in (Side.TRAIN, Side.VALIDATION) for one in examples(workspace, side)]
    ensure_prepared(workspace, rows, watch)


def uploads(workspace: Workspace) -> list[Upload]:
    """Everything the built records need in the bucket: pictures first, records last.

    Raises:
        UsageError: There are no records, or one of their files is missing or was edited.
    """
    files = workspace.store.records.files()
    if not files:
        raise UsageError("There are no records yet.", "Run: stillroom build")
    prefix = workspace.settings.aws.prefix
    folder = prepared_folder(workspace)
    prepared = workspace.store.pictures.prepared(folder.name)
    most = max(file.size for file in files)
    named = examples(workspace, Side.TRAIN)[:most]
    if any(file.size == 0 for file in files):
        named += examples(workspace, Side.VALIDATION)
    found = []
    for one in named:
        file = prepared.get(one.row.content)
        if file is not None and not file.flag:
            extension = file.path.rpartition(".")[2]
            key = object_key(prefix, "pictures", file.sha256, extension)
            found.append(Upload(folder / file.path, key, file.size, file.sha256, f"image/{file.format}"))
    for record in files:
        path = workspace.root / record.path
        if not path.is_file() or path.stat().st_size != record.bytes:
            raise UsageError(f"{record.path} is not what was built.", "Run: stillroom build")
        found.append(
            Upload(path, records_key(prefix, record), record.bytes, record.sha256, "application/jsonl")
        )
    return found


def records_key(prefix: str, file: RecordsFile) -> str:
    """Key of a records file in the bucket."""
    return object_key(prefix, "records", file.sha256, Path(file.path).suffix[1:])


def storage_price(workspace: Workspace, files: int, size: int) -> Amount:
    """Price of putting files into S3 and keeping them for a month."""
    from stillroom.money import Kind

    put = workspace.prices.price("aws.s3", Kind.WRITE).amount
    month = workspace.prices.price("aws.s3", Kind.GIGABYTE).amount
    if put is None or month is None:
        return Amount.exactly(None)
    return Amount.exactly(put * files / 1000 + month * size / 1_000_000_000)
