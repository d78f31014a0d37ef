"""What was refused is forgotten only where it can never have come to be: jobs and deployments alike."""

from __future__ import annotations

import pytest

from stillroom.errors import (
    BadRequest,
    Conflict,
    CredentialsRefused,
    NotFound,
    PermissionRefused,
    QuotaRefused,
    Refused,
    StillroomError,
    Unreachable,
)
from stillroom.steps.lost_answers import found_all_the_same

INVALID = BadRequest("It cannot be taken.", "", code="ValidationException")
TAKEN = Conflict("The name is taken.", "", code="ConflictException")
FULL = QuotaRefused("Too many of them.", "", code="ServiceQuotaExceededException")
FULL_LATER = QuotaRefused("Too many of them.", "", code="ServiceQuotaExceededException", retried=True)
THROTTLED = QuotaRefused("Too many calls.", "", code="ThrottlingException", retried=True)
DENIED = PermissionRefused("Not you.", "", code="AccessDeniedException")
EXPIRED = CredentialsRefused("Sign in.", "", code="ExpiredToken")
ABSENT = NotFound("There is none.", "")
SILENT = Unreachable("No answer.", "")


def _forgotten(refusal: Refused, look: StillroomError, *, asked_before: bool) -> bool:
    forgotten: list[str] = []

    def looked() -> str:
        raise look

    with pytest.raises(Refused) as caught:
        found_all_the_same(looked, refusal, lambda: forgotten.append("it"), asked_before=asked_before)
    assert caught.value is refusal
    return bool(forgotten)


def test_one_that_is_there_is_taken():
    assert found_all_the_same(lambda: "arn", INVALID, pytest.fail, asked_before=False) == "arn"


@pytest.mark.parametrize("look", [SILENT, DENIED])
@pytest.mark.parametrize("refusal", [INVALID, TAKEN, THROTTLED, FULL])
def test_one_that_nobody_can_look_at_is_kept(refusal: Refused, look: StillroomError):
    assert not _forgotten(refusal, look, asked_before=False)
    assert not _forgotten(refusal, look, asked_before=True)


@pytest.mark.parametrize("refusal", [DENIED, EXPIRED])
def test_who_may_not_make_one_has_made_none_unless_it_was_asked_for_before(refusal: Refused):
    assert _forgotten(refusal, refusal, asked_before=False)
    assert not _forgotten(refusal, refusal, asked_before=True)


@pytest.mark.parametrize(
    ("refusal", "at_first", "later"),
    [
        (INVALID, True, True),
        (DENIED, True, True),
        (FULL, True, False),
        (FULL_LATER, False, False),
        (THROTTLED, False, False),
        (TAKEN, False, False),
    ],
)
def test_one_that_aws_does_not_know_is_kept_while_it_may_be_being_made(
    refusal: Refused, at_first: bool, later: bool
):
    assert _forgotten(refusal, ABSENT, asked_before=False) is at_first
    assert _forgotten(refusal, ABSENT, asked_before=True) is later
