"""Whether the bucket and the service role are there, as far as this project remembers."""

from __future__ import annotations

from stillroom.aws import buckets
from stillroom.steps.standing_values import DONE, WAITING, Standing
from stillroom.steps.trained_where import unknown_region
from stillroom.steps.workspace import Workspace


def setup_standing(workspace: Workspace) -> Standing:
    """What upload and training rest on. Asks nobody."""
    if _is_gone(workspace):
        return Standing("setup", WAITING, "the bucket is no longer there: upload and train need it")
    if elsewhere := set_up_elsewhere(workspace):
        return Standing("setup", WAITING, elsewhere)
    if doubt := _doubtful_region(workspace):
        return Standing("setup", WAITING, doubt)
    there = (("bucket", not lacks_bucket(workspace)), ("role", bool(workspace.settings.aws.role_arn)))
    missing = [name for name, known in there if not known]
    if missing:
        return Standing("setup", WAITING, f"no {' and no '.join(missing)} yet: upload and train need them")
    if _were_seen(workspace):
        return Standing("setup", DONE, "bucket and service role are there")
    return Standing("setup", DONE, "bucket and service role as the project file names them")


def lacks_bucket(workspace: Workspace) -> str:
    """Why nothing can be sent to the bucket, as far as is known; empty: it is there.

    A project file may name one that setup is still to make; it names a role only when there is one.
    """
    aws = workspace.settings.aws
    if _is_gone(workspace):
        return f"The bucket {aws.bucket} is no longer there: stillroom setup"
    if aws.bucket and (aws.role_arn or workspace.store.records.sent(aws.bucket)[0]):
        return ""
    return f"The bucket {aws.bucket} was neither made nor seen yet: stillroom setup"


def is_named(workspace: Workspace) -> bool:
    """Whether the project file names bucket and role: records name the one, jobs the other."""
    return bool(workspace.settings.aws.role_arn and workspace.settings.aws.bucket)


def is_set_up(workspace: Workspace) -> bool:
    """Whether bucket and role are named and, as far as is known, there for this region. Asks nobody."""
    return is_named(workspace) and not _is_gone(workspace) and not set_up_elsewhere(workspace)


def set_up_elsewhere(workspace: Workspace) -> str:
    """That bucket or role were set up for another region, in words; empty: not that anybody knows."""
    aws, facts = workspace.settings.aws, workspace.store.facts
    known = {"bucket": facts.get(_region(aws.bucket)), "role": facts.get(_region(aws.role_arn))}
    others = {what: region for what, region in known.items() if region not in (None, aws.region)}
    if not others:
        return ""
    are, where = ("is" if len(others) == 1 else "are"), " and ".join(dict.fromkeys(map(str, others.values())))
    return f"{' and '.join(others)} {are} set up for {where}, not for {aws.region}"


def miss_bucket(workspace: Workspace) -> bool:
    """Ask whether the bucket has gone, as everything has with a sandbox's state; whether it has.

    Raises:
        Refused: AWS may not be asked about it.
        Unreachable: AWS did not answer.
    """
    bucket = workspace.settings.aws.bucket
    gone = bool(bucket) and not buckets.look(workspace.session(), bucket, workspace.account()).exists
    if gone:
        note_gone(workspace, bucket)
    return gone


def note_gone(workspace: Workspace, bucket: str) -> None:
    """Note that a bucket is no longer there, nor anything that was sent to it, until it is made again."""
    workspace.store.records.forget_uploads(bucket)
    workspace.store.facts.put(_gone(bucket), str(workspace.now()))


def note_there(workspace: Workspace, bucket: str, region: str) -> None:
    """Note that a bucket was made, found or written to, and where it is; empty: nobody may know."""
    workspace.store.facts.drop(_gone(bucket))
    if region:
        workspace.store.facts.put(_region(bucket), region)


def note_role(workspace: Workspace, arn: str, region: str) -> None:
    """Note that a role was made or brought up to date, for jobs in a region."""
    workspace.store.facts.put(_region(arn), region)


def _doubtful_region(workspace: Workspace) -> str:
    """Say that the region may be none, unless a bucket was found there; else empty."""
    settings = workspace.settings
    region, found = settings.aws.region, workspace.store.facts.get(_region(settings.aws.bucket))
    # Whether it is known takes a moment to find out.
    if region in settings.training.regions or region == found:
        return ""
    doubt = unknown_region(region).removesuffix(".")
    return doubt[:1].lower() + doubt[1:]


def _region(thing: str) -> str:
    """Name of the fact in which region a bucket is, or for which a role was made."""
    return f"set_up_in:{thing}"


def _is_gone(workspace: Workspace) -> bool:
    return workspace.store.facts.get(_gone(workspace.settings.aws.bucket)) is not None


def _gone(bucket: str) -> str:
    """Name of the fact that a bucket which was there is no longer."""
    return f"bucket_gone:{bucket}"


def _were_seen(workspace: Workspace) -> bool:
    """Whether setup has made or found these very two."""
    aws = workspace.settings.aws
    wanted = f"bucket {aws.bucket}, role {aws.role_arn}"
    return any(event.text == wanted for event in workspace.store.diary.events(kind="setup"))
