"""The project file as typed values. The tables are the stages' own values, not copies of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from stillroom.labeling.values import Inference, Prompt
from stillroom.pictures.settings import PictureSettings, PrepareSettings
from stillroom.training.settings import HOME_REGION, TrainingSettings

FILE_NAME = "stillroom.toml"
TEACHER_MODEL = "us.amazon.nova-pro-v1:0"
STUDENT_MODEL = "us.amazon.nova-lite-v1:0"

Rate = float | Literal["auto"]


@dataclass(frozen=True, slots=True)
class ProjectTable:
    """The table ``[project]``."""

    name: str
    id: str
    """Short random id, written once; everything made in AWS is tagged with it."""


@dataclass(frozen=True, slots=True)
class AwsTable:
    """The table ``[aws]``. Empty text means: not set."""

    region: str = HOME_REGION
    """Region of the bucket, of training and of the student."""
    teacher_region: str = ""
    """Region that the teacher is called in; empty: the same as ``region``."""
    profile: str = ""
    """Named profile of the AWS configuration; empty: the default credentials."""
    bucket: str = ""
    prefix: str = "stillroom"
    """Key prefix of everything that is uploaded; no slash at either end."""
    role_arn: str = ""
    """Role that Bedrock assumes to read records and pictures and to write metrics."""
    endpoint_url: str = ""
    """Where all calls go instead of AWS; empty: AWS, or the project's own sandbox."""
    sandbox: bool = False
    """True: the project has a sandbox of its own and never calls AWS."""

    @property
    def region_of_teacher(self) -> str:
        """Region that the teacher is called in."""
        return self.teacher_region or self.region


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The tables ``[teacher]`` and ``[student]``: whom to ask, and how."""

    model: str
    """Foundation model id, inference-profile id or ARN, as Converse takes it."""
    inference: Inference = field(default_factory=Inference)


@dataclass(frozen=True, slots=True)
class PromptSettings:
    """The table ``[prompt]``."""

    prompt: Prompt
    language: str = "en"
    """``en`` or ``ko``: which default prompt stands in for a missing one."""
    keywords_min: int = 15
    """An answer with fewer keywords is remarked on."""
    keywords_max: int = 25
    """An answer with more keywords is remarked on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The table ``[limits]``."""

    budget: Decimal | None = None
    """US dollars for the whole project; None: no budget."""
    concurrency: int = 8
    """Calls in flight at the same time."""
    requests_per_minute: Rate = "auto"
    """``auto``: the account's quota."""
    tokens_per_minute: Rate = "auto"
    """``auto``: the account's quota."""


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """All that ``stillroom.toml`` says."""

    project: ProjectTable
    prompt: PromptSettings
    aws: AwsTable = field(default_factory=AwsTable)
    pictures: PictureSettings = field(default_factory=PictureSettings)
    prepare: PrepareSettings = field(default_factory=PrepareSettings)
    teacher: ModelSettings = field(default_factory=lambda: ModelSettings(TEACHER_MODEL))
    student: ModelSettings = field(default_factory=lambda: ModelSettings(STUDENT_MODEL))
    training: TrainingSettings = field(default_factory=TrainingSettings)
    limits: Limits = field(default_factory=Limits)
    prices: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    """Model id to named prices in US dollars, as written; the price book knows the names."""


Stamp = tuple[int, int, int, int]
"""Of a file: size (bytes), when its contents and when anything of it changed (Unix time, nanoseconds), inode.
A file that was written since, or put in its place, has another stamp."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was found and read."""

    root: Path
    """Folder of the project file, absolute."""
    file: Path
    """The project file, absolute."""
    settings: ProjectFile
    stamp: Stamp | None = None
    """Of the file just before it was read; None: unknown."""

    @property
    def pictures_folder(self) -> Path:
        """Where the pictures are, absolute."""
        return self.root / Path(self.settings.pictures.folder).expanduser()
