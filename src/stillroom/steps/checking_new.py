"""Checking the answers of a person who makes a project, one at a time, while they are given.

Nothing is made or changed here, and nothing is paid. Each check says which answers it depends on, so that
what it found can be dropped when one of them has changed meanwhile.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stillroom.errors import NotFound, Refused, StillroomError
from stillroom.project.checks import NotAllowed
from stillroom.project.keys import find_key
from stillroom.project.reading import stands_in
from stillroom.steps.new import New
from stillroom.steps.trained_where import no_training, unknown_region
from stillroom.training.settings import HOME_REGION, TrainingSettings

if TYPE_CHECKING:
    from stillroom.aws import Session

_FAR: Final = "s3:"
"""Where no pictures are taken from yet; such an address is no path of this disk."""
_TOLD_EVERY: Final = 500
"""Pictures counted between two words about it."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form holds. Empty texts mean what :func:`filled` puts in their place."""

    images: str = ""
    root: str = ""
    name: str = ""
    sandbox: bool = True
    region: str = ""
    profile: str = ""
    bucket: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    passed: bool | None
    """None: not known, which keeps nobody from going on."""
    text: str
    """A few words."""
    todo: str = ""
    """What the person can do about it; one line."""


Told = Callable[[int], bool]
"""Called with a count so far; answers whether to go on."""


def filled(answers: Answers, start: Path) -> Answers:
    """The answers with what follows from others in place of empty ones.

    Args:
        answers: As they were given; ``~`` is one's home.
        start: Folder that relative paths begin at.
    """
    far = answers.images.strip().startswith(_FAR)
    images = Path(answers.images.strip()) if far else _path(answers.images, start)
    usual = start / f"{images.name}-keywords" if answers.images.strip() and images.name else None
    root = _path(answers.root, start) if answers.root.strip() else usual
    return Answers(
        images=answers.images.strip() if far else str(images) if answers.images.strip() else "",
        root=str(root) if root else "",
        name=answers.name.strip() or (root.name if root else ""),
        sandbox=answers.sandbox,
        region=answers.region.strip() or HOME_REGION,
        profile=answers.profile.strip(),
        bucket=answers.bucket.strip(),
        role=answers.role.strip(),
    )


def _path(text: str, start: Path) -> Path:
    try:
        path = Path(text.strip()).expanduser()
    except RuntimeError:  # no such user
        path = Path(text.strip())
    return Path(os.path.normpath(start / path))


def new_project(answers: Answers) -> New:
    """The step that makes the project of these (filled) answers."""
    on_aws = not answers.sandbox
    return New(
        Path(answers.root),
        answers.images,
        name=answers.name,
        region=answers.region if on_aws else HOME_REGION,
        profile=answers.profile if on_aws else "",
        bucket=answers.bucket if on_aws else "",
        role_arn=answers.role if on_aws else "",
        sandbox=answers.sandbox,
    )


def command(answers: Answers) -> str:
    """The headless command that makes the same project."""
    words = ["stillroom", "new", answers.root or "DIR", "--images", answers.images or "PATH"]
    if answers.root and answers.name != Path(answers.root).name:
        words += ["--name", answers.name]
    if answers.sandbox:
        words.append("--sandbox")
    else:
        words += ["--region", answers.region]
        for option, value in (
            ("--profile", answers.profile),
            ("--bucket", answers.bucket),
            ("--role-arn", answers.role),
        ):
            words += [option, value] if value else []
    return shlex.join(words)


def check_images(answers: Answers, told: Told) -> Finding:
    """Whether the folder holds pictures, counted as scanning does, without looking into them."""
    if not answers.images:
        return Finding(None, "", "Which folder are the pictures in? They stay where they are.")
    if answers.images.startswith(_FAR):
        return Finding(False, "not a folder here", "Copy them first: aws s3 sync s3://… pictures")
    folder = Path(answers.images)
    if not folder.is_dir():
        what = "a file, not a folder" if folder.exists() else "no such folder"
        return Finding(False, what, "Name a folder that holds pictures, also in sub-folders.")
    count = _count(folder, told)
    if not count:
        return Finding(
            False, "no pictures in it", "Pictures are named .jpg, .png, .webp, .gif, .bmp, .tif or .heic."
        )
    return Finding(True, f"{count:,} picture{'' if count == 1 else 's'}")


def _count(folder: Path, told: Told) -> int:
    """Files with a picture's ending; the walk of scanning, as far as names go."""
    from stillroom.pictures.formats import EXTENSIONS

    count, waiting = 0, [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.name.rpartition(".")[2].lower() in EXTENSIONS and entry.is_file():
                        count += 1
                        if count % _TOLD_EVERY == 0 and not told(count):
                            return count
        except OSError:
            continue  # what cannot be read is told when the pictures are scanned
    return count


def check_root(answers: Answers, told: Told) -> Finding:
    """Whether a project can be made in the folder."""
    if not answers.root:
        return Finding(None, "", "Where the project file and its memory will be.")
    root = Path(answers.root)
    if stands_in(root):
        return Finding(False, "a project is there", "Open that one, or choose another folder.")
    if root.exists() and not root.is_dir():
        return Finding(False, "a file, not a folder", "Choose another folder.")
    nearest = next(each for each in (root, *root.parents) if each.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(False, "cannot be written", f"You may not write in {nearest}: choose another folder.")
    return Finding(True, "is there" if root.exists() else "will be made")


_FORMS: Final = {
    "name": ("project", "name", "not a name"),
    "region": ("aws", "region", "not a region"),
    "bucket": ("aws", "bucket", "not a bucket's name"),
    "role": ("aws", "role_arn", "not a role's ARN"),
}
"""Answers whose form can be judged at once: the key of the project file, and what a wrong one is not."""


def form_fault(name: str, answers: Answers) -> Finding | None:
    """What is wrong with the form of an answer, which asking AWS would not mend; None when nothing is."""
    if name not in _FORMS or (answers.sandbox and name != "name"):
        return None
    if name == "name" and not (answers.name or answers.root):
        return None  # it follows from the folder, of which nothing is known yet
    table, key, wrong = _FORMS[name]
    known = find_key(table, key)
    try:
        if known is not None:
            known.check(getattr(answers, name))
    except NotAllowed as error:
        return Finding(False, wrong, f"It {error}.")
    return None


def check_form(answers: Answers, told: Told) -> Finding:
    """Nothing beside the form, which is judged before every check."""
    return Finding(True, "")


def check_region(answers: Answers, told: Told) -> Finding:
    """Whether the region is known, and whether students are trained there."""
    if answers.sandbox or not (said := no_training(answers.region, TrainingSettings())):
        return Finding(True, "")
    return Finding(None, "not known" if unknown_region(answers.region) else "trains no student", said)


def check_account(answers: Answers, told: Told) -> Finding:
    """Whether credentials answer, and for which account."""
    if answers.sandbox:
        return Finding(True, "no account, nothing is billed")
    with _Asking(answers) as asking:
        where = asking.session.connection.where
        return Finding(True, f"account {asking.account}" + (f", {where}" if where != "AWS" else ""))


def check_bucket(answers: Answers, told: Told) -> Finding:
    """Whether the bucket is there and one's own, or its name is free."""
    from stillroom.aws import buckets

    if not answers.bucket:
        return Finding(True, "setup makes one")
    with _Asking(answers) as asking:
        fact = buckets.look(asking.session, answers.bucket, asking.account)
    if not fact.exists:
        return Finding(True, "a free name: setup makes it")
    if fact.owned is not True:
        return Finding(
            False if fact.owned is False else None,
            fact.remark or "may not be looked at",
            "Names are shared by all accounts: choose another, or leave it empty.",
        )
    if fact.region != answers.region:
        return Finding(
            False,
            f"is in {fact.region}",
            f"Bedrock reads in its own region only: choose one in {answers.region}.",
        )
    return Finding(True, "is there, and yours")


def check_role(answers: Answers, told: Told) -> Finding:
    """Whether the service role exists and Bedrock can assume it."""
    from stillroom.aws import roles
    from stillroom.aws.policies import RoleNeeds

    if not answers.role:
        return Finding(True, "setup makes one")
    with _Asking(answers) as asking:
        needs = RoleNeeds(
            asking.account, answers.region, answers.bucket or "any", "", partition=asking.partition
        )
        checks = {check.name: check for check in roles.check_role(asking.session, answers.role, needs)}
    exists, trust = checks["exists"], checks.get("trust")
    if exists.passed is False:
        return Finding(False, "no such role", "Leave it empty: setup makes one.")
    if exists.passed is None:
        return Finding(None, "may not be looked at", exists.todo)
    if trust is not None and trust.passed is False:
        return Finding(False, "Bedrock may not assume it", trust.todo)
    return Finding(True, "is there")


class _Asking:
    """One session, and who it belongs to."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def __enter__(self) -> _Asking:
        from stillroom.aws import Connection, Session
        from stillroom.aws.identity import who_am_i

        self.session: Session = Session(Connection(self._answers.region, profile=self._answers.profile))
        try:
            identity = who_am_i(self.session)
        except StillroomError:
            self.session.close()
            raise
        self.account, self.partition = identity.account, identity.partition
        return self

    def __exit__(self, *exception: object) -> None:
        self.session.close()


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the form."""

    run: Callable[[Answers, Told], Finding]
    fields: tuple[str, ...]
    """Names of the answers that it depends on."""
    asks_aws: bool = False
    """It calls AWS, when the project is to be there."""

    def key(self, answers: Answers) -> tuple[object, ...]:
        """What was found holds for as long as this stays equal."""
        if self.asks_aws and answers.sandbox:
            return ("sandbox",)
        return tuple(getattr(answers, name) for name in self.fields)


CHECKS: Final[Mapping[str, Check]] = {
    "images": Check(check_images, ("images",)),
    "root": Check(check_root, ("root",)),
    "name": Check(check_form, ("name",)),
    "region": Check(check_region, ("sandbox", "region")),
    "where": Check(check_account, ("sandbox", "region", "profile"), asks_aws=True),
    "bucket": Check(check_bucket, ("sandbox", "region", "profile", "bucket"), asks_aws=True),
    "role": Check(check_role, ("sandbox", "region", "profile", "bucket", "role"), asks_aws=True),
}
"""By the row of the form that shows the finding."""


def run_check(name: str, answers: Answers, told: Told) -> Finding:
    """Run one check; what goes wrong is a finding too.

    Args:
        name: Key of :data:`CHECKS`.
        answers: Filled answers.
        told: Hears a count so far, and says whether to go on.
    """
    check = CHECKS[name]
    if fault := form_fault(name, answers):
        return fault
    if check.asks_aws and answers.sandbox and name != "where":
        return Finding(True, "")
    try:
        return check.run(answers, told)
    except (Refused, NotFound) as error:
        return Finding(False, error.what, error.todo)
    except StillroomError as error:
        return Finding(None, error.what, error.todo)
    except OSError as error:  # a path that is too long, or leads through a folder that may not be entered
        return Finding(False, (error.strerror or str(error)).lower(), "Choose another folder.")


def may_be_made(answers: Answers, findings: Mapping[str, Finding | None]) -> bool:
    """Whether the project can be made: what must be there is, and no check has failed.

    What has not been found out yet keeps nobody from going on, except the pictures.
    """
    if not answers.images or not answers.root:
        return False
    images = findings.get("images")
    return (
        images is not None
        and bool(images.passed)
        and not any(finding is not None and finding.passed is False for finding in findings.values())
    )
