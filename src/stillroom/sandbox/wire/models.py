"""Botocore's own service models, and which operation a request means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Request, split_query

BY_SIGNING_NAME = {
    "bedrock": ("bedrock", "bedrock-runtime"),
    "s3": ("s3",),
    "sts": ("sts",),
    "iam": ("iam",),
    "servicequotas": ("service-quotas",),
}
"""Service models behind each signing name; Bedrock's two share one name and one endpoint here."""


@dataclass(frozen=True, slots=True)
class Found:
    """The operation of a request, with the labels of its path."""

    service: str
    operation: OperationModel
    labels: dict[str, str]


class _Route:
    """Method, path pattern and query literals of one REST operation."""

    def __init__(self, service: str, operation: OperationModel) -> None:
        self.service = service
        self.operation = operation
        self.method: str = operation.http["method"]
        path, _, query = operation.http["requestUri"].partition("?")
        self.literals = [pair for pair in split_query(query) if pair[0] != "x-id"]
        self.strict = re.compile(_pattern(path, "[^/]+") + "/?")
        # Some clients leave the slashes of an ARN as they are.
        self.loose = re.compile(_pattern(path, ".+") + "/?")

    def labels(self, path: str, loose: bool) -> dict[str, str] | None:
        found = (self.loose if loose else self.strict).fullmatch(path)
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None


def _pattern(uri: str, label: str) -> str:
    pieces = re.split(r"\{(\w+)\+?\}", uri)
    return "".join(
        f"(?P<{piece}>{label})" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)
    )


class Models:
    """The service models that the sandbox speaks. Loading takes some 0.2 s, once."""

    def __init__(self) -> None:
        loader = Loader()
        names = [name for group in BY_SIGNING_NAME.values() for name in group]
        self._models: dict[str, Any] = {
            name: ServiceModel(loader.load_service_model(name, "service-2"), name) for name in names
        }

    def model(self, service: str) -> Any:
        return self._models[service]

    @cached_property
    def _routes(self) -> list[_Route]:
        return [
            _Route(service, self._models[service].operation_model(name))
            for service in ("bedrock", "bedrock-runtime")
            for name in self._models[service].operation_names
        ]

    @cached_property
    def _s3_routes(self) -> dict[tuple[str, str], list[_Route]]:
        model = self._models["s3"]
        routes: dict[tuple[str, str], list[_Route]] = {}
        for name in model.operation_names:
            route = _Route("s3", model.operation_model(name))
            path = route.operation.http["requestUri"].partition("?")[0]
            level = "object" if "{Key+}" in path else "bucket" if "{Bucket}" in path else "service"
            routes.setdefault((route.method, level), []).append(route)
        return routes

    def rest(self, request: Request) -> Found:
        """Find the Bedrock operation of a request by method and path.

        Raises:
            Refusal: There is none.
        """
        for loose in (False, True):
            for route in self._routes:
                if route.method == request.method:
                    labels = route.labels(request.path, loose)
                    if labels is not None:
                        return Found(route.service, route.operation, labels)
        raise Refusal("UnknownOperationException", f"No operation is {request.method} {request.path}")

    def named(self, service: str, operation: str | None) -> Found:
        """Find an operation by its name, for the protocols that send it.

        Raises:
            Refusal: The service has no such operation.
        """
        model = self._models[service]
        if operation not in model.operation_names:
            code = "InvalidAction" if model.protocol == "query" else "UnknownOperationException"
            raise Refusal(code, f"Could not find operation {operation}")
        return Found(service, model.operation_model(operation), {})

    def s3(self, request: Request, bucket: str, key: str, handled: Iterable[str]) -> Found:
        """Find the S3 operation of a request: by method, level, query literals and required members.

        Raises:
            Refusal: The method is not allowed there, or the operation is not part of the sandbox.
        """
        level = "object" if key else "bucket" if bucket else "service"
        present = dict(request.query)
        best: tuple[int, bool, _Route] | None = None
        for route in self._s3_routes.get((request.method, level), ()):
            if not all(present.get(name) == value for name, value in route.literals):
                continue
            needed = _needed(route.operation)
            have = sum(
                (name in present) if where == "querystring" else (name in request.headers)
                for where, name in needed
            )
            if have < len(needed):
                continue
            rank = (len(route.literals) * 10 + have, route.operation.name in handled, route)
            if best is None or rank[:2] > best[:2]:
                best = rank
        if best is None:
            raise Refusal("MethodNotAllowed", "The specified method is not allowed against this resource.")
        labels = {name: value for name, value in (("Bucket", bucket), ("Key", key)) if value}
        return Found("s3", best[2].operation, labels)


def _needed(operation: OperationModel) -> list[tuple[str, str]]:
    """Location and wire name of the required members that stand in the query or the headers."""
    shape = operation.input_shape
    if shape is None:
        return []
    needed = []
    for name in shape.required_members:
        where = shape.members[name].serialization
        if where.get("location") in {"querystring", "header"}:
            needed.append((where["location"], where["name"]))
    return needed
