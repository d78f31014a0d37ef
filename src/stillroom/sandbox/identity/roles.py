"""IAM: roles with their trust and inline policies."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from stillroom.sandbox import ACCOUNT
from stillroom.sandbox.identity.policies import allowed, read_document, trusts
from stillroom.sandbox.state import State, packed
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call


class Roles:
    """The operations on roles, and what other services ask about them."""

    def __init__(self, state: State, wall: Callable[[], float]) -> None:
        self._state = state
        self._wall = wall

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "CreateRole": self._create,
            "GetRole": lambda call: {"Role": _shown(self._role(call))},
            "ListRoles": self._list,
            "DeleteRole": self._delete,
            "UpdateAssumeRolePolicy": self._trust,
            "PutRolePolicy": self._put_policy,
            "GetRolePolicy": self._get_policy,
            "ListRolePolicies": lambda call: {
                "PolicyNames": sorted(self._role(call)["policies"]),
                "IsTruncated": False,
            },
            "DeleteRolePolicy": self._delete_policy,
            "ListAttachedRolePolicies": self._attached,
            "ListInstanceProfilesForRole": lambda call: {"InstanceProfiles": [], "IsTruncated": False},
            "TagRole": self._tag,
            "UntagRole": self._untag,
            "ListRoleTags": lambda call: {"Tags": _tags(self._role(call)), "IsTruncated": False},
        }

    def find(self, name: str) -> dict[str, Any] | None:
        row = self._state.row("SELECT doc FROM roles WHERE name = ?", name)
        return None if row is None else json.loads(row["doc"])

    def trusted(self, arn: str, principal: Mapping[str, str], context: Mapping[str, str]) -> bool:
        """Whether a role exists under an ARN and trusts a principal."""
        role = self.find(arn.rpartition("/")[2])
        return (
            role is not None and role["arn"] == arn and trusts(json.loads(role["trust"]), principal, context)
        )

    def permits(self, arn: str, action: str, resource: str) -> bool:
        """Whether a role's inline policies allow an action on a resource of this account."""
        role = self.find(arn.rpartition("/")[2])
        if role is None or role["arn"] != arn:
            return False
        documents = [json.loads(text) for text in role["policies"].values()]
        return allowed(
            documents, action, resource, {"aws:ResourceAccount": ACCOUNT, "s3:ResourceAccount": ACCOUNT}
        )

    def _role(self, call: Call) -> dict[str, Any]:
        name = call.params["RoleName"]
        role = self.find(name)
        if role is None:
            raise Refusal("NoSuchEntity", f"The role with name {name} cannot be found.")
        return role

    def _keep(self, role: dict[str, Any]) -> None:
        self._state.db.execute("INSERT OR REPLACE INTO roles VALUES (?, ?)", (role["name"], packed(role)))

    def _create(self, call: Call) -> Any:
        name, path = call.params["RoleName"], call.params.get("Path", "/")
        read_document(call.params["AssumeRolePolicyDocument"])
        if self.find(name) is not None:
            raise Refusal("EntityAlreadyExists", f"Role with name {name} already exists.")
        role = {
            "name": name,
            "path": path,
            "id": "AROA" + secrets.token_hex(8).upper()[:17],
            "arn": f"arn:aws:iam::{ACCOUNT}:role{path}{name}",
            "created": self._wall(),
            "trust": call.params["AssumeRolePolicyDocument"],
            "description": call.params.get("Description"),
            "session": call.params.get("MaxSessionDuration", 3600),
            "tags": {tag["Key"]: tag["Value"] for tag in call.params.get("Tags", [])},
            "policies": {},
        }
        self._keep(role)
        return {"Role": _shown(role)}

    def _list(self, call: Call) -> Any:
        prefix, after = call.params.get("PathPrefix", "/"), call.params.get("Marker", "")
        most = call.params.get("MaxItems", 100)
        rows = self._state.rows("SELECT doc FROM roles WHERE name > ? ORDER BY name", after)
        roles = [role for role in (json.loads(row["doc"]) for row in rows) if role["path"].startswith(prefix)]
        answer: dict[str, Any] = {
            "Roles": [_shown(role) for role in roles[:most]],
            "IsTruncated": len(roles) > most,
        }
        return answer | ({"Marker": roles[most - 1]["name"]} if len(roles) > most else {})

    def _delete(self, call: Call) -> Any:
        role = self._role(call)
        if role["policies"]:
            raise Refusal("DeleteConflict", "Cannot delete entity, must delete policies first.")
        self._state.db.execute("DELETE FROM roles WHERE name = ?", (role["name"],))
        return {}

    def _trust(self, call: Call) -> Any:
        read_document(call.params["PolicyDocument"])
        self._keep(self._role(call) | {"trust": call.params["PolicyDocument"]})
        return {}

    def _put_policy(self, call: Call) -> Any:
        role = self._role(call)
        read_document(call.params["PolicyDocument"])
        role["policies"][call.params["PolicyName"]] = call.params["PolicyDocument"]
        self._keep(role)
        return {}

    def _get_policy(self, call: Call) -> Any:
        role, name = self._role(call), call.params["PolicyName"]
        if name not in role["policies"]:
            raise Refusal("NoSuchEntity", f"The role policy with name {name} cannot be found.")
        return {
            "RoleName": role["name"],
            "PolicyName": name,
            "PolicyDocument": quote(role["policies"][name], safe=""),
        }

    def _delete_policy(self, call: Call) -> Any:
        role, name = self._role(call), call.params["PolicyName"]
        if role["policies"].pop(name, None) is None:
            raise Refusal("NoSuchEntity", f"The role policy with name {name} cannot be found.")
        self._keep(role)
        return {}

    def _attached(self, call: Call) -> Any:
        self._role(call)
        return {"AttachedPolicies": [], "IsTruncated": False}

    def _tag(self, call: Call) -> Any:
        role = self._role(call)
        role["tags"] |= {tag["Key"]: tag["Value"] for tag in call.params["Tags"]}
        self._keep(role)
        return {}

    def _untag(self, call: Call) -> Any:
        role = self._role(call)
        for key in call.params["TagKeys"]:
            role["tags"].pop(key, None)
        self._keep(role)
        return {}


def _tags(role: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in role["tags"].items()]


def _shown(role: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Path": role["path"],
        "RoleName": role["name"],
        "RoleId": role["id"],
        "Arn": role["arn"],
        "CreateDate": role["created"],
        "AssumeRolePolicyDocument": quote(role["trust"], safe=""),
        "Description": role["description"],
        "MaxSessionDuration": role["session"],
        "Tags": _tags(role) or None,
    }
