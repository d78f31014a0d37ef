"""Who is calling."""

from __future__ import annotations

from dataclasses import dataclass

from stillroom.aws.session import Session


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller, as STS names it."""

    account: str
    """12 digits."""
    arn: str
    user_id: str

    @property
    def partition(self) -> str:
        """``aws``, ``aws-us-gov`` or ``aws-cn``."""
        parts = self.arn.split(":")
        return parts[1] if len(parts) > 1 and parts[1] else "aws"


def who_am_i(session: Session) -> Identity:
    """Ask STS who the credentials belong to; this needs no permission.

    Raises:
        CredentialsRefused: There are none, they have expired, or AWS does not know them.
        Unreachable: The endpoint does not answer.
    """
    with session.calling("ask who you are"):
        answer = session.client("sts").get_caller_identity()
    return Identity(answer["Account"], answer["Arn"], answer.get("UserId", ""))
