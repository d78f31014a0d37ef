"""Jobs, custom models, deployments and provisioned throughput as rows: found by name or ARN, "
"listed, tagged."""

from __future__ import annotations

import hashlib
import json
import secrets
import string
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from stillroom.sandbox import ACCOUNT
from stillroom.sandbox.bedrock.paging import page
from stillroom.sandbox.state import State, packed
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call

Kind = Literal["job", "model", "deployment", "provisioned"]
Thing = dict[str, Any]
"""The document of a row; always has ``arn``, ``name``, ``region``, ``created`` (Unix time) and ``tags``."""
_SAID = {
    "job": "model customization job",
    "model": "custom model",
    "deployment": "custom model deployment",
    "provisioned": "provisioned model",
}
_MOST_TAGS = 50


def fresh_id() -> str:
    """Twelve characters, as the tail of an ARN."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))


class Things:
    """All rows of the four kinds."""

    def __init__(self, state: State, wall: Callable[[], float]) -> None:
        self.state = state
        self.wall = wall

    def keep(self, kind: Kind, thing: Thing) -> None:
        """Store a thing, new or changed."""
        self.state.db.execute(
            "INSERT OR REPLACE INTO things VALUES (?, ?, ?, ?, ?, ?)",
            (thing["arn"], kind, thing["region"], thing["name"], thing["created"], packed(thing)),
        )

    def remove(self, arn: str) -> None:
        self.state.db.execute("DELETE FROM things WHERE arn = ?", (arn,))

    def by_arn(self, arn: str) -> Thing | None:
        row = self.state.row("SELECT doc FROM things WHERE arn = ?", arn)
        return None if row is None else json.loads(row["doc"])

    def all(self, kind: Kind, region: str | None = None) -> list[Thing]:
        """All things of a kind, oldest first."""
        sql = "SELECT doc FROM things WHERE kind = ? AND region = coalesce(?, region) ORDER BY created, arn"
        return [json.loads(row["doc"]) for row in self.state.rows(sql, kind, region)]

    def named(self, kind: Kind, region: str, name: str) -> Thing | None:
        sql = "SELECT doc FROM things WHERE kind = ? AND region = ? AND name = ?"
        row = self.state.row(sql, kind, region, name)
        return None if row is None else json.loads(row["doc"])

    def find(self, kind: Kind, region: str, identifier: str) -> Thing:
        """A thing by name or ARN.

        Raises:
            Refusal: There is none in the Region.
        """
        row = self.state.row(
            "SELECT doc FROM things WHERE arn = ? AND kind = ? AND region = ?", identifier, kind, region
        )
        found = self.named(kind, region, identifier) if row is None else json.loads(row["doc"])
        if found is None:
            raise Refusal(
                "ResourceNotFoundException", f"The specified {_SAID[kind]} {identifier} could not be found."
            )
        return found

    def once(self, kind: Kind, call: Call, make: Callable[[], str]) -> str:
        """Make a thing once for each client request token.

        Args:
            kind: What is made.
            call: Its ``clientRequestToken`` counts, and all its other parameters.
            make: Makes the thing and gives its ARN; runs inside the transaction that remembers the token.

        Returns:
            The ARN of the thing made now, or by the earlier request with the same token.

        Raises:
            Refusal: The token was used with other parameters.
        """
        token = call.params.get("clientRequestToken")
        rest = {name: value for name, value in call.params.items() if name != "clientRequestToken"}
        request = hashlib.sha256(packed(rest).encode()).hexdigest()
        if token is not None:
            sql = "SELECT * FROM tokens WHERE kind = ? AND region = ? AND token = ?"
            used = self.state.row(sql, kind, call.region, token)
            if used is not None:
                if used["request"] != request:
                    message = "The provided client request token was used before with different parameters."
                    raise Refusal("ConflictException", message)
                return str(used["arn"])
        with self.state.change() as db:
            arn = make()
            if token is not None:
                db.execute(
                    "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)", (kind, call.region, token, request, arn)
                )
        return arn

    def listed(
        self, rows: Iterable[Thing], call: Call, status: Callable[[Thing], str]
    ) -> tuple[list[Thing], str | None]:
        """Filter, sort and page things as the List operations do.

        Args:
            rows: All of a kind.
            call: Its filters: creation times, ``nameContains``, status, ``sortOrder``.
            status: The status of a thing now.

        Returns:
            The page's things and the next token.
        """
        params = call.params
        after = params.get("creationTimeAfter") or params.get("createdAfter")
        before = params.get("creationTimeBefore") or params.get("createdBefore")
        wanted = params.get("statusEquals") or params.get("modelStatus")
        found = [
            row
            for row in rows
            if (after is None or row["created"] > _seconds(after))
            and (before is None or row["created"] < _seconds(before))
            and params.get("nameContains", "").lower() in row["name"].lower()
            and wanted in (None, status(row))
        ]
        if params.get("sortOrder") != "Ascending":
            found.reverse()
        return page(found, params, lambda row: row["arn"])

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers of the tag operations."""
        return {"TagResource": self._tag, "UntagResource": self._untag, "ListTagsForResource": self._tags}

    def _resource(self, call: Call) -> tuple[Kind, Thing]:
        row = self.state.row("SELECT kind, doc FROM things WHERE arn = ?", call.params["resourceARN"])
        if row is None:
            raise Refusal("ResourceNotFoundException", "The specified resource could not be found.")
        return row["kind"], json.loads(row["doc"])

    def _tag(self, call: Call) -> Any:
        kind, thing = self._resource(call)
        tags = thing["tags"] | read_tags(call.params["tags"])
        if len(tags) > _MOST_TAGS:
            raise Refusal("TooManyTagsException", "A resource can have at most 50 tags.")
        self.keep(kind, thing | {"tags": tags})
        return {}

    def _untag(self, call: Call) -> Any:
        kind, thing = self._resource(call)
        gone = call.params["tagKeys"]
        self.keep(kind, thing | {"tags": {k: v for k, v in thing["tags"].items() if k not in gone}})
        return {}

    def _tags(self, call: Call) -> Any:
        thing = self._resource(call)[1]
        return {"tags": [{"key": key, "value": value} for key, value in thing["tags"].items()]}


def read_tags(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in tags}


def arn_of(region: str, path: str) -> str:
    """An ARN of the account, such as ``custom-model-deployment/…``."""
    return f"arn:aws:bedrock:{region}:{ACCOUNT}:{path}"


def _seconds(when: datetime) -> float:
    return when.timestamp()
