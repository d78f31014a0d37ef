"""New: a project for a folder of pictures."""

from __future__ import annotations

import contextlib
import dataclasses
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from stillroom.aws import sandbox_version
from stillroom.aws.buckets import default_bucket
from stillroom.aws.connection import SANDBOX_ACCOUNT, Connection
from stillroom.errors import PictureError, ProjectError, StillroomError, UsageError
from stillroom.pictures import PictureSettings
from stillroom.project import AwsTable, ModelSettings, ProjectFile
from stillroom.project.flat import default_settings
from stillroom.project.prompts import default_prompt
from stillroom.project.reading import stands_in
from stillroom.project.writing import allow, new_id, write_new
from stillroom.steps.quoting import plan_command
from stillroom.steps.trained_where import no_training, refuse_misspelt
from stillroom.store.opening import Store
from stillroom.training.settings import HOME_REGION

USUAL_SIZES = (300, 900)
DEMO = "demo"
"""Name of the fact that a project was made as a demo."""
SMALLEST_TEST = 0.05
"""Share of unique contents that testing never goes below."""
_PARTS = {"eu": "eu.", "ap": "apac."}
"""How inference profiles are called outside America, by the beginning of a region."""


@dataclass(frozen=True, slots=True)
class NewResult:
    """A project that was made."""

    project: str
    file: str
    """Absolute."""
    pictures: int
    """Files below the folder that look like pictures."""
    sizes: tuple[int, ...]
    """Training sizes that the folder can meet; empty: all training pictures."""
    bucket: str
    """Empty: ``setup`` names one."""
    remarks: tuple[str, ...]
    """What will not work in this project as it is; one line each."""
    next: str
    sandbox: bool = field(metadata={"private": True})
    """Whether it has a sandbox of its own, or one has just answered at its endpoint."""
    where: str = field(metadata={"private": True})
    """``SANDBOX``, ``AWS`` or ``AWS via HOST``."""


@dataclass(frozen=True)
class New:
    """The answers of a person who makes a project."""

    root: Path
    images: str
    name: str = ""
    region: str = HOME_REGION
    profile: str = ""
    bucket: str = ""
    role_arn: str = ""
    sandbox: bool = False
    endpoint_url: str = ""
    language: str = "en"
    sizes: tuple[int, ...] = USUAL_SIZES
    epochs: int | None = None
    demo: bool = False
    """Whether a demo makes it, which goes on with such projects alone."""

    def make(self) -> NewResult:
        """Write the project file. AWS is asked for the account alone, a loopback endpoint what it is.

        Raises:
            UsageError: The pictures are on S3; the folder holds a project already; a name, region, bucket,
                role or endpoint is not allowed; the region is misspelt.
            PictureError: There are no pictures.
        """
        from stillroom.pictures.finding import find_files

        if self.images.startswith("s3://"):
            raise UsageError(
                "Pictures on S3 cannot be read yet.",
                "Copy them to a folder first: aws s3 sync " + self.images + " pictures",
            )
        if stands_in(self.root):
            raise ProjectError(f"There is a project in {self.root} already.", "Choose another folder.")
        name = self.name or self.root.absolute().name
        self._check_options(name)
        sandbox = self.sandbox or bool(self.endpoint_url and sandbox_version(self.endpoint_url))
        images = Path(self.images).expanduser().absolute()
        found = find_files(images, PictureSettings(), named_by="--images")
        unique = _unique(images, [file.path for file in found])
        sizes = met_sizes(self.sizes, unique)
        settings = self._settings(name, images, sizes)
        if self.demo:
            # Before the project file, whose presence is what makes it a project: whoever is killed in between
            # goes on with a demo.
            self.root.mkdir(parents=True, exist_ok=True)
            with closing(Store.open(self.root)) as store:
                store.facts.put(DEMO, "yes")
        file = write_new(self.root, settings)
        remark = no_training(self.region, settings.training)
        return NewResult(
            project=name,
            file=str(file.absolute()),
            pictures=len(found),
            sizes=sizes,
            bucket=settings.aws.bucket,
            remarks=(remark,) if remark else (),
            next=plan_command("run", until="label" if remark else None, project=str(self.root)),
            sandbox=sandbox,
            where=Connection(self.region, endpoint_url=self.endpoint_url, sandbox=sandbox).where,
        )

    def _check_options(self, name: str) -> None:
        """Check what the options say under their own names: there is no project file yet to speak of.

        Raises:
            ProjectError: A value is not allowed.
        """
        called = "--name" if self.name else "The folder's name, which becomes the project's,"
        for option, todo, table, key, value in (
            (
                called,
                "Choose another folder, or give the project a name of its own: --name NAME",
                "project",
                "name",
                name,
            ),
            ("--region", "", "aws", "region", self.region),
            ("--profile", "", "aws", "profile", self.profile),
            ("--bucket", "", "aws", "bucket", self.bucket),
            ("--role-arn", "", "aws", "role_arn", self.role_arn),
            ("--endpoint-url", "", "aws", "endpoint_url", self.endpoint_url),
        ):
            allow(table, key, value, called=option, todo=todo)
        if self.region != HOME_REGION:
            refuse_misspelt(self.region)

    def _settings(self, name: str, images: Path, sizes: tuple[int, ...]) -> ProjectFile:
        base = default_settings(name, new_id(), self.language)
        root = self.root.absolute()
        folder = images.relative_to(root).as_posix() if images.is_relative_to(root) else str(images)
        training = dataclasses.replace(base.training, sizes=sizes)
        if self.epochs is not None:
            hyper = dataclasses.replace(training.hyperparameters, epochs=self.epochs)
            training = dataclasses.replace(training, hyperparameters=hyper)
        aws = AwsTable(
            region=self.region,
            profile=self.profile,
            bucket=self.bucket,
            role_arn=self.role_arn,
            endpoint_url=self.endpoint_url,
            sandbox=self.sandbox,
        )
        if not self.bucket:
            account = SANDBOX_ACCOUNT if self.sandbox else _account(aws)
            if account:
                bucket = default_bucket(account, self.region, base.project.id)
                aws = dataclasses.replace(aws, bucket=bucket)
        prompt = dataclasses.replace(
            base.prompt, prompt=default_prompt(self.language), language=self.language
        )
        pictures = dataclasses.replace(base.pictures, folder=folder)
        return dataclasses.replace(
            base,
            aws=aws,
            pictures=pictures,
            training=training,
            prompt=prompt,
            teacher=_offered(base.teacher, self.region),
            student=_offered(base.student, self.region),
        )


def _offered(model: ModelSettings, region: str) -> ModelSettings:
    """The same model through the inference profile of the region's part of the world.

    Which parts have profiles of which models is not verified for every region: doctor asks.
    """
    part = _PARTS.get(region.partition("-")[0])
    if part is None or not model.model.startswith("us."):
        return model
    return dataclasses.replace(model, model=part + model.model.removeprefix("us."))


def met_sizes(wanted: tuple[int, ...], unique: int) -> tuple[int, ...]:
    """Those training sizes that so many unique pictures can meet, with testing at its smallest."""
    most = unique - round(unique * SMALLEST_TEST)
    return tuple(size for size in wanted if size <= most)


def _unique(folder: Path, paths: list[str]) -> int:
    """Unique contents. Only files of equal size can be equal, so only those are read."""
    import hashlib
    from collections import defaultdict

    from stillroom.pictures.reading import read_file

    by_size: dict[int, list[Path]] = defaultdict(list)
    for path in paths:
        file = folder / path
        with contextlib.suppress(OSError):
            by_size[file.stat().st_size].append(file)
    unique = 0
    for size, files in by_size.items():
        if len(files) == 1:
            unique += size > 0
            continue
        hashes = set()
        for file in files:
            with contextlib.suppress(PictureError):  # the scan will say what is wrong with it
                hashes.add(hashlib.sha256(read_file(file).data).digest())
        unique += len(hashes)
    return unique


def _account(aws: AwsTable) -> str:
    """The caller's account, when AWS tells; a project can be made without credentials too."""
    from stillroom.aws import Session
    from stillroom.aws.identity import who_am_i

    if aws.endpoint_url:
        return ""
    try:
        return who_am_i(Session(Connection(aws.region, profile=aws.profile))).account
    except StillroomError:
        return ""
