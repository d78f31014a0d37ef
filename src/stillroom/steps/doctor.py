"""Doctor: each thing a run needs, checked: fine, or what to do."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from stillroom import __version__
from stillroom.aws import Session, buckets, catalogue, roles
from stillroom.aws.identity import who_am_i
from stillroom.aws.policies import RoleNeeds
from stillroom.aws.regions import is_misspelt
from stillroom.errors import EndpointSilent, ModelRefused, PermissionRefused, StillroomError
from stillroom.pictures.tokens import family_of
from stillroom.places import config_folder, is_folder, state_folder
from stillroom.steps.quotas_known import read_quota
from stillroom.steps.regions import TEACHER, region_asked
from stillroom.steps.trained_where import no_training, unknown_region
from stillroom.steps.workspace import Workspace
from stillroom.terminal import clipboard_route, colours, is_ascii
from stillroom.training.hyperparameters import check as check_hyperparameters

_ROOM = 10**9
"""Bytes that should be free on the project's disk."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer."""

    area: str
    """``here``, ``project``, ``AWS``."""
    name: str
    passed: bool | None
    """None: could not be told, or is only for information."""
    what: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class DoctorResult:
    """All answers."""

    checks: tuple[Check, ...]

    @property
    def faults(self) -> int:
        """Checks that failed."""
        return sum(check.passed is False for check in self.checks)


def local_checks(environ: Mapping[str, str] = os.environ) -> Iterator[Check]:
    """What this machine and terminal offer; needs neither project nor network. The terminal is not asked."""
    yield Check("here", "Stillroom", True, __version__)
    yield Check(
        "here", "Python", sys.version_info >= (3, 11), platform.python_version(),
        "Stillroom needs Python 3.11 or newer.",
    )  # fmt: skip
    for package in ("boto3", "pillow", "numpy", "textual"):
        yield Check("here", package, True, version(package))
    yield _optional("aiohttp", "the sandbox", "pip install 'stillroom[sandbox]'")
    yield _optional("pillow-heif", "HEIC pictures", "pip install 'stillroom[heic]'")
    yield _optional("textual-image", "sharp pictures in the workbench", "pip install 'stillroom[images]'")
    size = shutil.get_terminal_size()
    kind = environ.get("TERM") or "no terminal"
    yield Check("here", "terminal", None, f"{size.columns}x{size.lines}, {kind}")
    yield Check("here", "colours", None, colours(environ))
    poor = "ASCII alone: symbols and drawings are plain"
    yield Check("here", "text", None, poor if is_ascii(environ) else "UTF-8")
    yield Check("here", "clipboard", None, clipboard_route(environ))
    yield Check("here", "themes and keys", None, str(config_folder(environ)))
    yield Check("here", "memory", None, str(state_folder(environ)))


def _optional(package: str, what: str, todo: str) -> Check:
    try:
        return Check("here", package, True, version(package))
    except PackageNotFoundError:
        return Check("here", package, None, f"not installed: {what} will not work", todo)


def doctor(workspace: Workspace | None) -> DoctorResult:
    """Check the machine and, with a project, the project and AWS. Spends nothing, changes nothing."""
    found = list(local_checks())
    if workspace is not None:
        found += _project(workspace)
        found += _cloud(workspace)
    return DoctorResult(tuple(found))


def _project(workspace: Workspace) -> Iterator[Check]:
    yield Check("project", "file", True, str(workspace.project.file))
    folder = workspace.project.pictures_folder
    there = is_folder(folder)
    yield Check(
        "project",
        "pictures",
        there,
        f"{folder}" if there else f"{folder} is not a folder",
        "" if there else "Set pictures.folder in stillroom.toml.",
    )
    writable = os.access(workspace.root, os.W_OK)
    yield Check(
        "project",
        "folder",
        writable,
        "can be written" if writable else f"{workspace.root} cannot be written",
        "" if writable else "Make it writable, or move the project.",
    )
    free = shutil.disk_usage(workspace.root).free
    yield Check(
        "project",
        "disk",
        free > _ROOM,
        f"{_bytes(free)} free",
        "" if free > _ROOM else "Prepared pictures need room: free some.",
    )
    training = workspace.settings.training
    for finding in check_hyperparameters(
        training.hyperparameters, training.base_model, validation=workspace.settings.pictures.validation > 0
    ):
        yield Check(
            "project", finding.name, finding.weight != "error" or False, finding.message, finding.todo
        )


def _bytes(count: int) -> str:
    """An amount of bytes in the unit that suits it: ``1.5 GB``, ``507.9 KB``, ``0 bytes``."""
    for size, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "KB")):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} bytes"


def _cloud(workspace: Workspace) -> list[Check]:
    """Ask AWS one thing after the other; without credentials nothing else makes sense."""
    misspelt = list(_misspelt(workspace))
    if misspelt:
        # What is asked there fails, or is found missing, for this reason alone.
        return misspelt
    found = list(_caller(workspace))
    if found[-1].passed is False:
        return found
    settings = workspace.settings
    asking: dict[str, Iterator[Check]] = {
        "teacher model": _model(workspace, "teacher", settings.teacher.model),
        "student model": _model(workspace, "student", settings.student.model),
        "base model": _base_model(workspace),
        "bucket": _bucket(workspace),
        "role": _role(workspace),
        "quotas": _quotas(workspace),
        "hourly bills": _hourly(workspace),
    }
    for name, checks in asking.items():
        try:
            # One by one: what was found before a refusal counts.
            for check in checks:
                found.append(check)  # noqa: PERF402
        except StillroomError as error:
            found.append(Check("AWS", name, False, error.what, error.todo))
    return found


def _misspelt(workspace: Workspace) -> Iterator[Check]:
    """Regions of the project file that are most likely slips; one that is merely unknown may be new."""
    aws = workspace.settings.aws
    for key, region in (("region", aws.region), ("teacher_region", aws.teacher_region)):
        if region and is_misspelt(region):
            todo = f"Correct aws.{key} in stillroom.toml, then run doctor again: the rest was not asked."
            yield Check("AWS", key.replace("_", " "), False, unknown_region(region), todo)


def _caller(workspace: Workspace) -> Iterator[Check]:
    try:
        where = workspace.connection().where
        identity = who_am_i(workspace.session())
    except StillroomError as error:
        asked = "endpoint" if isinstance(error, EndpointSilent) else "credentials"
        yield Check("AWS", asked, False, error.what, error.todo)
        return
    workspace.remember_account(identity.account)
    yield Check("AWS", "endpoint", True, f"{where}, region {workspace.settings.aws.region}")
    yield Check("AWS", "credentials", True, f"account {identity.account}, {identity.arn}")


def _model(workspace: Workspace, role: str, model: str) -> Iterator[Check]:
    session = workspace.session(region_asked(workspace, role, model))
    try:
        resolved = catalogue.resolve(session, model)
    except ModelRefused as error:
        near = workspace.prices.nearest(model)
        yield Check(
            "AWS", f"{role} model", False, error.what, f"Did you mean {near}?" if near else error.todo
        )
        return
    what = f"{model} → {resolved.model_id}" if resolved.model_id != model else model
    if resolved.remark:
        what += f" ({resolved.remark})"
    yield Check("AWS", f"{role} model", True, what)
    if resolved.base_id:
        yield from _access(session, role, resolved.base_id)


def _base_model(workspace: Workspace) -> Iterator[Check]:
    settings = workspace.settings
    base = catalogue.foundation_id(settings.training.base_model)
    if base:
        trainable = "FINE_TUNING" in _trainable(workspace, settings.training.base_model, base)
        yield Check(
            "AWS",
            "base model",
            trainable,
            f"{settings.training.base_model} "
            + ("can be trained" if trainable else f"cannot be trained in {settings.aws.region}"),
            ""
            if trainable
            else no_training(settings.aws.region, settings.training)
            or "Set training.base_model to a model that can be customized.",
        )


def _trainable(workspace: Workspace, variant: str, base: str) -> tuple[str, ...]:
    """Customizations of a base model: its variant id is a model of its own in the catalogue."""
    for model in catalogue.list_models(workspace.session(), trainable=True):
        if model.model_id in (variant, base):
            return model.customizations
    return ()


def _access(session: Session, role: str, base: str) -> Iterator[Check]:
    model = catalogue.get_model(session, base)
    legacy = model.lifecycle != "ACTIVE"
    yield Check(
        "AWS",
        f"{role} lifecycle",
        not legacy,
        model.lifecycle,
        "A legacy model takes no new training jobs and will be switched off; choose another."
        if legacy
        else "",
    )
    access = catalogue.availability(session, base)
    yield Check(
        "AWS",
        f"{role} access",
        access.usable,
        f"agreement {access.agreement}, {access.authorization}, region {access.region}",
        "" if access.usable else "Ask for access to the model in the Bedrock console, Model access.",
    )
    if not model.takes_pictures:
        yield Check("AWS", f"{role} pictures", False, f"{base} takes no pictures", "Choose a vision model.")
    if family_of(base) == "unknown":
        yield Check(
            "AWS", f"{role} tokens", None, f"how {base} counts a picture's tokens is not known here",
            "Estimates begin with the first measured calls.",
        )  # fmt: skip


def _bucket(workspace: Workspace) -> Iterator[Check]:
    aws = workspace.settings.aws
    if not aws.bucket:
        yield Check("AWS", "bucket", False, "none is named", "Run: stillroom setup")
        return
    fact = buckets.look(workspace.session(), aws.bucket, workspace.account())
    if not fact.exists:
        yield Check("AWS", "bucket", False, f"{aws.bucket} does not exist", "Run: stillroom setup")
        return
    if fact.owned is False:
        yield Check("AWS", "bucket", False, f"{aws.bucket} is not yours", "Name another one: aws.bucket.")
        return
    warning = buckets.region_warning(fact, aws.region)
    if fact.owned is None and not warning:
        # Whether it is there, and whose: uploading has to list it.
        yield Check("AWS", "bucket", False, f"{aws.bucket}: {fact.remark}",
                    "Ask for s3:ListBucket on it, or name another one: aws.bucket.")  # fmt: skip
        return
    yield Check("AWS", "bucket", not warning, warning or f"{aws.bucket} in {fact.region or '?'}",
                "Name a bucket there, or none and run setup: aws.bucket." if warning else "")  # fmt: skip
    if fact.private is not None:
        yield Check("AWS", "bucket access", fact.private,
                    "closed to the public" if fact.private else "public access is not blocked",
                    "" if fact.private else "Turn on Block Public Access for the bucket.")  # fmt: skip


def _role(workspace: Workspace) -> Iterator[Check]:
    aws = workspace.settings.aws
    if not aws.role_arn:
        yield Check("AWS", "role", False, "none is named", "Run: stillroom setup")
        return
    base = workspace.settings.training.base_model
    needs = RoleNeeds(workspace.account(), aws.region, aws.bucket, aws.prefix, base_model=base)
    for check in roles.check_role(workspace.session(), aws.role_arn, needs):
        yield Check("AWS", f"role {check.name}", check.passed, check.what, check.todo)


def _quotas(workspace: Workspace) -> Iterator[Check]:
    settings = workspace.settings
    for role, model in ((TEACHER, settings.teacher.model), ("student", settings.student.model)):
        region = region_asked(workspace, role, model)
        base, called = _called(workspace.session(region), model)
        known = read_quota(workspace, model, base, called, region)
        told = [
            f"{value:,.0f} {unit} a minute"
            for value, unit in (
                (known.requests_per_minute, "requests"),
                (known.tokens_per_minute, "tokens"),
            )
            if value is not None
        ]
        what = ", ".join(told) if told else "Service Quotas names none"
        minute = (known.requests_per_minute, known.tokens_per_minute)
        low = any(value is not None and value < 1 for value in minute)
        todo = "Ask for more in Service Quotas." if low else ""
        if 0 in minute:
            todo = f"The account may not call {model} yet: ask for more in Service Quotas."
        yield Check(
            "AWS", f"{role} quota", not low, what + ("" if known.applied or not told else " (AWS's default)"),
            todo,
        )  # fmt: skip


def _called(session: Session, model: str) -> tuple[str, str]:
    """The foundation model, and what Converse is given for it; as they are written where nobody knows."""
    try:
        resolved = catalogue.resolve(session, model)
    except (ModelRefused, PermissionRefused):
        return model, model
    if ":application-inference-profile/" in resolved.model_id:
        return model, model  # whose quotas its calls count towards it does not tell
    return resolved.base_id or model, resolved.model_id


def _hourly(workspace: Workspace) -> Iterator[Check]:
    workspace.look_for_bills()
    lines = workspace.billing_lines()
    if not lines:
        yield Check("AWS", "hourly bills", True, "nothing bills by the hour")
    for line in lines:
        yield Check("AWS", "hourly bills", None, line)
