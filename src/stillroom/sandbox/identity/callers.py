"""STS: who the caller is, and roles to assume."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from stillroom.sandbox import ACCOUNT
from stillroom.sandbox.identity.roles import Roles
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call

CALLER = f"arn:aws:iam::{ACCOUNT}:user/sandbox"


class Callers:
    """GetCallerIdentity and AssumeRole."""

    def __init__(self, roles: Roles, wall: Callable[[], float]) -> None:
        self._roles = roles
        self._wall = wall

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {"GetCallerIdentity": self._identity, "AssumeRole": self._assume}

    def _identity(self, call: Call) -> Any:
        return {"Account": ACCOUNT, "UserId": "AIDASTILLROOMSANDBOX", "Arn": CALLER}

    def _assume(self, call: Call) -> Any:
        arn, session = call.params["RoleArn"], call.params["RoleSessionName"]
        account = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        if not any(self._roles.trusted(arn, one, {}) for one in (account, {"AWS": CALLER}, {"AWS": ACCOUNT})):
            raise Refusal(
                "AccessDenied",
                f"User: {CALLER} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            )
        name = arn.rpartition("/")[2]
        return {
            "Credentials": {
                "AccessKeyId": "ASIA" + secrets.token_hex(8).upper(),
                "SecretAccessKey": secrets.token_urlsafe(30),
                "SessionToken": secrets.token_urlsafe(90),
                "Expiration": self._wall() + call.params.get("DurationSeconds", 3600),
            },
            "AssumedRoleUser": {
                "AssumedRoleId": f"AROASTILLROOMSANDBOX:{session}",
                "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}",
            },
        }
