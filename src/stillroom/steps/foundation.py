"""Whether the bucket and the service role are there, as far as this project remembers. Asks nobody."""

from __future__ import annotations

from stillroom.steps.standing_values import DONE, WAITING, Standing
from stillroom.steps.workspace import Workspace


def setup_standing(workspace: Workspace) -> Standing:
    """What upload and training rest on.

    A project file may name a bucket that setup is still to make; it names a role only when there is one.
    """
    aws = workspace.settings.aws
    bucket = bool(aws.bucket) and (bool(aws.role_arn) or workspace.store.records.sent(aws.bucket)[0] > 0)
    missing = [name for name, there in (("bucket", bucket), ("role", bool(aws.role_arn))) if not there]
    if missing:
        return Standing("setup", WAITING, f"no {' and no '.join(missing)} yet: upload and train need them")
    if _were_seen(workspace):
        return Standing("setup", DONE, "bucket and service role are there")
    return Standing("setup", DONE, "bucket and service role as the project file names them")


def _were_seen(workspace: Workspace) -> bool:
    """Whether setup has made or found these very two."""
    aws = workspace.settings.aws
    wanted = f"bucket {aws.bucket}, role {aws.role_arn}"
    return any(event.text == wanted for event in workspace.store.diary.events(kind="setup"))
