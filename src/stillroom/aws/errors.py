"""Errors of boto3 and the services, in two lines a user can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stillroom.errors import StillroomError
from stillroom.labeling.values import AskFailed


@contextmanager
def translated(doing: str, *, region: str = "", thing: str = "") -> Iterator[None]:
    """Turn whatever boto3 raises inside into a :class:`~stillroom.errors.StillroomError`.

    Args:
        doing: What was being done, as it follows "could not": ``make the bucket``.
        region: Region of the call, for errors that are about regions.
        thing: Name of what it was done to; shown with missing or taken things.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise translate(error, doing, region=region, thing=thing) from error


def translate(error: Exception, doing: str = "", *, region: str = "", thing: str = "") -> StillroomError:
    """Translate one exception of boto3; see :func:`translated`."""
    raise NotImplementedError


def ask_failed(error: Exception, model_id: str = "") -> AskFailed:
    """Translate one exception of a Converse call."""
    raise NotImplementedError
