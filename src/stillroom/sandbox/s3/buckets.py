"""Buckets and their settings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from stillroom.sandbox import ACCOUNT
from stillroom.sandbox.s3.access import FOREIGN, check_name, own_bucket
from stillroom.sandbox.s3.storage import Storage
from stillroom.sandbox.state import packed
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Answer, Call

Handler = Callable[[Call], Any]
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_OWNER = {"ID": "9a8b7c6d5e4f" * 5 + "3a2b", "DisplayName": "sandbox"}

# setting: (member of Put's input and Get's output, error code without it, its message)
_SETTINGS = {
    "Encryption": (
        "ServerSideEncryptionConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
        "The server side encryption configuration was not found",
    ),
    "Tagging": ("Tagging", "NoSuchTagSet", "The TagSet does not exist"),
    "Policy": ("Policy", "NoSuchBucketPolicy", "The bucket policy does not exist"),
    "OwnershipControls": (
        "OwnershipControls",
        "OwnershipControlsNotFoundError",
        "The bucket ownership controls were not found",
    ),
    "LifecycleConfiguration": (
        "LifecycleConfiguration",
        "NoSuchLifecycleConfiguration",
        "The lifecycle configuration does not exist",
    ),
    "Cors": ("CORSConfiguration", "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    "PublicAccessBlock": (
        "PublicAccessBlockConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
    ),
}
# As the service makes every bucket since 2023: encrypted, nothing public, no ACLs.
_BORN_WITH = {
    "Encryption": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
    "PublicAccessBlock": dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    ),
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
}


class Buckets:
    """The operations on buckets."""

    def __init__(self, storage: Storage, wall: Callable[[], float]) -> None:
        self._storage = storage
        self._state = storage.state
        self._wall = wall

    def handlers(self) -> dict[str, Handler]:
        """Handlers by operation name."""
        table: dict[str, Handler] = {
            "CreateBucket": self._create,
            "DeleteBucket": self._delete,
            "HeadBucket": self._head,
            "ListBuckets": self._list,
            "GetBucketLocation": self._location,
            "GetBucketVersioning": self._versioning,
            "GetBucketAcl": self._acl,
            "GetBucketPolicyStatus": self._policy_status,
        }
        for setting in _SETTINGS:
            middle = setting if setting == "PublicAccessBlock" else f"Bucket{setting}"
            table[f"Put{middle}"] = self._setter(setting)
            table[f"Get{middle}"] = self._getter(setting)
            table[f"Delete{'BucketLifecycle' if 'Lifecycle' in setting else middle}"] = self._remover(setting)
        return table

    def _create(self, call: Call) -> Any:
        name = call.params["Bucket"]
        check_name(name)
        if name.startswith(FOREIGN):
            raise Refusal(
                "BucketAlreadyExists",
                "The requested bucket name is not available.",
                extra={"BucketName": name},
            )
        wanted = call.params.get("CreateBucketConfiguration", {})
        region = self._region_of(wanted.get("LocationConstraint"), call.region)
        existing = self._storage.bucket(name)
        if existing is not None:
            # In us-east-1, and only there, making one's own bucket again succeeds.
            if not existing["region"] == region == "us-east-1":
                message = "Your previous request to create the named bucket succeeded and you already own it."
                raise Refusal("BucketAlreadyOwnedByYou", message, extra={"BucketName": name})
        else:
            doc = dict(_BORN_WITH)
            if tags := wanted.get("Tags"):
                doc["Tagging"] = {"TagSet": tags}
            self._state.db.execute(
                "INSERT INTO buckets VALUES (?, ?, ?, ?)", (name, region, self._wall(), packed(doc))
            )
        return {"Location": f"/{name}"}

    @staticmethod
    def _region_of(wanted: str | None, signed: str) -> str:
        if wanted == "EU":
            wanted = "eu-west-1"
        if wanted is not None and (wanted == "us-east-1" or not _REGION.fullmatch(wanted)):
            raise Refusal("InvalidLocationConstraint", "The specified location-constraint is not valid")
        if signed != "us-east-1" and wanted != signed:
            shown = wanted or "unspecified"
            message = (
                f"The {shown} location constraint is incompatible for the region specific endpoint "
                "this request was sent to."
            )
            raise Refusal("IllegalLocationConstraintException", message)
        return wanted or "us-east-1"

    def _delete(self, call: Call) -> Any:
        name = own_bucket(self._storage, call)["name"]
        if self._state.row("SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", name):
            raise Refusal(
                "BucketNotEmpty", "The bucket you tried to delete is not empty", extra={"BucketName": name}
            )
        with self._state.change() as db:
            db.execute("DELETE FROM buckets WHERE name = ?", (name,))
            db.execute("DELETE FROM uploads WHERE bucket = ?", (name,))
        return {}

    def _head(self, call: Call) -> Any:
        bucket = own_bucket(self._storage, call)
        return {"BucketRegion": bucket["region"], "AccessPointAlias": False}

    def _list(self, call: Call) -> Any:
        prefix = call.params.get("Prefix", "")
        wanted = call.params.get("BucketRegion")
        after = call.params.get("ContinuationToken", "")
        most = call.params.get("MaxBuckets", 10_000)
        rows = [
            row
            for row in self._state.rows("SELECT * FROM buckets WHERE name > ? ORDER BY name", after)
            if row["name"].startswith(prefix) and wanted in (None, row["region"])
        ]
        shown = rows[:most]
        answer: dict[str, Any] = {
            "Buckets": [
                {"Name": row["name"], "CreationDate": row["created"], "BucketRegion": row["region"]}
                for row in shown
            ],
            "Owner": _OWNER,
        }
        if len(rows) > most:
            answer["ContinuationToken"] = shown[-1]["name"]
        return answer

    def _location(self, call: Call) -> Any:
        # The one call that answers for buckets of any region.
        name = call.params["Bucket"]
        found = self._storage.bucket(name)
        if found is None or name.startswith(FOREIGN):
            found = own_bucket(self._storage, call)
        region = found["region"]
        return {} if region == "us-east-1" else {"LocationConstraint": region}

    def _versioning(self, call: Call) -> Any:
        own_bucket(self._storage, call)
        return {}

    def _acl(self, call: Call) -> Any:
        own_bucket(self._storage, call)
        grant = {"Grantee": {"ID": _OWNER["ID"], "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
        return {"Owner": _OWNER, "Grants": [grant]}

    def _policy_status(self, call: Call) -> Any:
        self._getter("Policy")(call)
        return {"PolicyStatus": {"IsPublic": False}}

    def _keep(self, name: str, doc: dict[str, Any]) -> None:
        self._state.db.execute("UPDATE buckets SET doc = ? WHERE name = ?", (packed(doc), name))

    def _setter(self, setting: str) -> Handler:
        member = _SETTINGS[setting][0]

        def put(call: Call) -> Any:
            bucket = own_bucket(self._storage, call)
            value = call.params[member]
            if setting == "Policy":
                _check_policy(
                    value,
                    bucket["name"],
                    bool(bucket["doc"].get("PublicAccessBlock", {}).get("BlockPublicPolicy")),
                )
            self._keep(bucket["name"], bucket["doc"] | {setting: value})
            return Answer({}, status=204) if setting == "Policy" else {}

        return put

    def _getter(self, setting: str) -> Handler:
        member, code, message = _SETTINGS[setting]

        def get(call: Call) -> Any:
            bucket = own_bucket(self._storage, call)
            if setting not in bucket["doc"]:
                raise Refusal(code, message, 404, extra={"BucketName": bucket["name"]})
            value = bucket["doc"][setting]
            # These three are not wrapped in a member of their own.
            return value if setting in {"Tagging", "LifecycleConfiguration", "Cors"} else {member: value}

        return get

    def _remover(self, setting: str) -> Handler:
        def delete(call: Call) -> Any:
            bucket = own_bucket(self._storage, call)
            self._keep(bucket["name"], {k: v for k, v in bucket["doc"].items() if k != setting})
            return {}

        return delete


def _check_policy(text: str, bucket: str, nothing_public: bool) -> None:
    try:
        policy = json.loads(text)
        statements = policy["Statement"]
    except (ValueError, KeyError, TypeError):
        raise Refusal("MalformedPolicy", "This policy contains invalid Json") from None
    statements = statements if isinstance(statements, list) else [statements]
    for one in statements:
        if not isinstance(one, dict) or not {"Effect", "Principal", "Action", "Resource"} <= set(one):
            raise Refusal("MalformedPolicy", "Missing required field in a statement")
        resources = one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]]
        if not all(str(arn).startswith(f"arn:aws:s3:::{bucket}") for arn in resources):
            raise Refusal("MalformedPolicy", "Policy has invalid resource")
        everyone = one["Principal"] in ("*", {"AWS": "*"})
        if nothing_public and everyone and one["Effect"] == "Allow" and "Condition" not in one:
            message = (
                f"User: arn:aws:iam::{ACCOUNT}:root is not authorized to perform: s3:PutBucketPolicy "
                "on resource: "
                f'"arn:aws:s3:::{bucket}" because public policies are prevented by the '
                "BlockPublicPolicy setting in S3 Block Public Access."
            )
            raise Refusal("AccessDenied", message)
