"""Validate: training records against every known rule, also records that Stillroom did not make."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path

from stillroom.background import Progress
from stillroom.errors import Interrupted, NotFound, UsageError, reason
from stillroom.plural import plural
from stillroom.records import Finding, PictureFact, PictureFacts, TargetModel, target_of
from stillroom.records.validating import Summary, validate
from stillroom.steps.mending import out_of_date
from stillroom.steps.orders import built
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.preparing import prepare_key
from stillroom.steps.quoting import plan_command
from stillroom.steps.workspace import Workspace

MOST_FINDINGS = 10_000
"""Findings that are kept of one file; all are counted."""

_BEGINNING = 1 << 20
"""Bytes that are read of an object which is longer than anything that is taken: they tell what it is."""

_S3 = "s3"
"""In place of a folder: the pictures are read where the records say that they are."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One file."""

    path: str
    """As it was named; the project's own records below its folder."""
    passed: bool
    records: int
    errors: int
    warnings: int
    advice: int
    by_rule: Mapping[str, int]
    not_checked: Mapping[str, int]
    """What could not be looked at, and how often."""
    findings: tuple[Finding, ...]
    """The first findings, in the order of the file."""


@dataclass(frozen=True, slots=True)
class ValidateResult:
    """All files."""

    passed: bool
    model: str
    files: tuple[Checked, ...]
    remarks: tuple[str, ...]
    """That the project's own records are not those of the present labels; a sentence or two."""


class StoreFacts:
    """What the project's own store knows about the pictures that its records name."""

    def __init__(self, workspace: Workspace) -> None:
        key = prepare_key(workspace.settings.prepare)
        sides = {row.content: row.side for row in workspace.store.pictures.contents()}
        self._by_sha: dict[str, PictureFact] = {}
        for content, file in workspace.store.pictures.prepared(key).items():
            side = sides.get(content)
            self._by_sha[file.sha256] = PictureFact(
                file.size, file.format, file.width, file.height, content, side.value if side else None
            )

    def lookup(self, uri: str) -> PictureFact | None:
        """Facts behind a URI whose key is the hash of the prepared bytes."""
        return self._by_sha.get(uri.rpartition("/")[2].partition(".")[0])


class BucketFacts:
    """Reads each picture from S3 once: slow, and the only way for records made elsewhere."""

    def __init__(self, workspace: Workspace, watch: Watch) -> None:
        self._workspace = workspace
        self._watch = watch
        self._known: dict[str, PictureFact] = {}

    def lookup(self, uri: str) -> PictureFact | None:
        """Facts of the very bytes behind a URI.

        Raises:
            Refused: The bucket may not be read.
            Interrupted: Stopped: thousands of pictures take long.
        """
        from stillroom.aws.buckets import peek_object, split_uri
        from stillroom.records.headers import read_header
        from stillroom.records.objects import MOST_VIDEO_BYTES

        if uri not in self._known:
            _heed(self._watch)
            bucket, key = split_uri(uri)
            try:
                size, data = peek_object(
                    self._workspace.session(), bucket, key, longest=MOST_VIDEO_BYTES, beginning=_BEGINNING
                )
            except NotFound:
                self._known[uri] = PictureFact(0, "", exists=False)
            else:
                head = read_header(BytesIO(data))
                content = hashlib.sha256(data).hexdigest() if len(data) == size else None
                self._known[uri] = PictureFact(size, head.format, head.width, head.height, content)
        return self._known[uri]


@dataclass(frozen=True)
class Validate:
    """Checks files; changes nothing and, unless pictures are read from S3, needs no network."""

    files: tuple[Path, ...] = ()
    """Empty: the project's own records."""
    model: TargetModel | None = None
    """None: the family of the project's base model, else Nova Lite."""
    pictures: str = ""
    """Where facts about pictures come from: a folder, ``s3``, or empty (the project's store)."""
    other: Path | None = None
    """A file that must share no picture with the others, such as a test set."""
    sizes: tuple[int, ...] = ()
    """Training sizes of the project's own records; empty: those of the project file."""

    def command(self, *, json: bool = False) -> str:
        """The command line that checks the same; with ``json``, one that gives every finding that is kept."""
        return plan_command(
            "validate",
            *(str(path) for path in self.files),
            size=self.sizes,
            model=self.model,
            pictures=self.pictures or None,
            other=self.other,
            json=json,
        )

    def plan(self, workspace: Workspace | None) -> Plan:
        """Name the files.

        Raises:
            UsageError: There are no records of that size, or files and sizes are named at once.
        """
        if self.files and self.sizes:
            raise UsageError(
                "--size is for the project's own records, and files were named.", "Leave out one of the two."
            )
        files = self._files(workspace)
        return Plan(
            verb="validate",
            title=f"Validate {plural(len(files), 'file')}",
            count=len(files),
            command=self.command(),
        )

    def execute(self, workspace: Workspace | None, plan: Plan, watch: Watch) -> ValidateResult:
        """Check all files.

        Raises:
            UsageError: A file is missing or cannot be read, or there is nothing to validate.
            Interrupted: Stopped before a file, or before a picture in S3.
        """
        files = self._files(workspace)
        if not files:
            raise UsageError("There are no records yet.", "Run: stillroom build")
        model = self._model(workspace)
        facts = self._facts(workspace, watch)
        own = self._own(workspace)
        checked = []
        for path in files:
            watch.slot.put(Progress(f"validate {path.name}"))
            _heed(watch)
            found = validate(
                path,
                model=model,
                facts=facts,
                other=self.other,
                bucket=own.get(path.resolve()),
                validation=_is_validation(path),
                together=0 if self.files else _companions(path, files),
                folder="" if self.pictures == _S3 else self.pictures,
            )
            kept = tuple(islice(found, MOST_FINDINGS))
            checked.append(_checked(self._called(workspace, path), found.summary, kept))
        return ValidateResult(
            all(one.passed for one in checked), model.value, tuple(checked), self._remarks(workspace)
        )

    def _files(self, workspace: Workspace | None) -> Sequence[Path]:
        if self.files or workspace is None:
            return self.files
        return [workspace.root / file.path for file in built(workspace, self.sizes)]

    def _own(self, workspace: Workspace | None) -> dict[Path, str]:
        """The bucket by the paths of the project's own records, however they are named."""
        bucket = workspace.settings.aws.bucket if workspace is not None else ""
        if workspace is None or not bucket:
            return {}
        return {(workspace.root / file.path).resolve(): bucket for file in workspace.store.records.files()}

    def _remarks(self, workspace: Workspace | None) -> tuple[str, ...]:
        if self.files or workspace is None:
            return ()
        stale = out_of_date(workspace, built(workspace, self.sizes))
        return (f"{stale.what} {stale.todo}",) if stale else ()

    def _called(self, workspace: Workspace | None, path: Path) -> str:
        """A file as it was named; the project's own records as every step calls them."""
        return str(path) if self.files or workspace is None else path.relative_to(workspace.root).as_posix()

    def _model(self, workspace: Workspace | None) -> TargetModel:
        if self.model is not None:
            return self.model
        base = workspace.settings.training.base_model if workspace is not None else ""
        return target_of(base) or TargetModel.LITE

    def _facts(self, workspace: Workspace | None, watch: Watch) -> PictureFacts | None:
        from stillroom.records.folder import PictureFolder

        if self.pictures == _S3:
            if workspace is None:
                raise UsageError("Reading pictures from S3 needs a project.", "Name one: --project DIR")
            return BucketFacts(workspace, watch)
        if self.pictures:
            return PictureFolder(Path(self.pictures))
        return StoreFacts(workspace) if workspace is not None else None


def _heed(watch: Watch) -> None:
    if watch.signals.cancelled.is_set():
        raise Interrupted("Stopped before all records were checked.", "Run the same command again.")


def _is_validation(path: Path) -> bool:
    return path.stem == "validation"


def _companions(path: Path, files: Sequence[Path]) -> int:
    """Records that a job is given beside those of one of the project's files.

    A job has one training file: beside validation pictures the largest of them counts, not all together.

    Raises:
        UsageError: Another file cannot be read.
    """
    beside = [one for one in files if _is_validation(one) != _is_validation(path)]
    return max(map(_lines, beside), default=0)


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {reason(error)}.", "Run: stillroom build") from error


def _checked(path: str, summary: Summary, findings: tuple[Finding, ...]) -> Checked:
    from stillroom.records import Weight

    return Checked(
        path=path,
        passed=summary.passed,
        records=summary.records,
        errors=summary.count(Weight.ERROR),
        warnings=summary.count(Weight.WARNING),
        advice=summary.count(Weight.ADVICE),
        by_rule=summary.by_rule,
        not_checked=summary.not_checked,
        findings=findings,
    )
