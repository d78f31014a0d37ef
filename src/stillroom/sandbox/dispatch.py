"""From a request to its handler, and back to bytes."""

from __future__ import annotations

import errno
import inspect
import os
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from stillroom.sandbox.wire import parsing, rendering
from stillroom.sandbox.wire.constraints import told, violations
from stillroom.sandbox.wire.models import BY_SIGNING_NAME, Found, Models
from stillroom.sandbox.wire.refusal import Refusal, invalid
from stillroom.sandbox.wire.request import Answer, Call, Request
from stillroom.sandbox.wire.signature import Signer, refuse_key, signer_of

Handler = Callable[[Call], Any]
_PROTOCOLS = {"s3": "rest-xml", "sts": "query", "iam": "query", "servicequotas": "json"}
_OTHERS_IN_XML = ("cloudfront", "route53")
"""Services that are not served, of which nothing in a request tells that they speak XML."""
_NO_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO)
_BROKEN = {"rest-xml": "InternalError", "query": "ServiceFailure", "json": "ServiceException"}
"""How each protocol's services call a fault of their own."""
_SERVED = "bedrock, bedrock-runtime, s3, sts, iam and servicequotas"


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    file: tuple[str, int, int] | None = None
    """Path, offset, length of a body that lies in a file."""
    drop: bool = False
    """Close the connection instead of answering."""


class Dispatcher:
    """All services behind one endpoint."""

    def __init__(self, models: Models, handlers: Mapping[str, Mapping[str, Handler]]) -> None:
        """Args: models: The service models. handlers: By service model name, then by operation."""
        self._models = models
        self._handlers = handlers

    async def answer(self, request: Request) -> Reply:
        """Answer one signed request; a refusal is an answer, too."""
        request_id = str(uuid.uuid4())
        protocol = _unsigned_protocol(request)
        try:
            signer = signer_of(request)
            protocol = _protocol_of(signer.service, request)
            reply = await self._served(request, signer, protocol, request_id)
        except Refusal as refusal:
            reply = _refused(_in_s3_words(refusal, protocol), protocol, request, request_id)
        except (OSError, sqlite3.OperationalError) as fault:
            reply = _refused(_no_writing(fault, protocol), protocol, request, request_id)
        reply.headers["x-amzn-RequestId"] = request_id
        if protocol == "rest-xml":
            reply.headers["x-amz-request-id"] = request_id
        return reply

    async def _served(self, request: Request, signer: Signer, protocol: str, request_id: str) -> Reply:
        if signer.service not in BY_SIGNING_NAME:
            code = "InvalidAction" if protocol in ("query", "ec2") else "UnknownOperationException"
            raise Refusal(code, f"The sandbox has no service {signer.service!r}: it serves {_SERVED}.")
        found, params = await self._call(request, signer)
        refuse_key(signer, f"{signer.service}:{_action(found.operation.name)}")
        handler = self._handlers[found.service].get(found.operation.name)
        if handler is None:
            code = {"rest-xml": "NotImplemented", "query": "InvalidAction"}.get(
                protocol, "UnknownOperationException"
            )
            raise Refusal(code, f"The sandbox does not have {found.operation.name}.")
        if protocol != "rest-xml" and (wrong := violations(found.operation.input_shape, params)):
            raise Refusal("ValidationError", told(wrong)) if protocol == "query" else invalid(told(wrong))
        region = "us-east-1" if signer.region == "aws-global" else signer.region
        call = Call(
            found.service,
            found.operation.name,
            params,
            region,
            signer.key_id,
            request_id,
            request.body,
            request.headers,
        )
        result = handler(call)
        if inspect.isawaitable(result):
            result = await result
        given = result if isinstance(result, Answer) else Answer(result)
        model = self._models.model(found.service)
        headers, body = rendering.rendered(protocol, model, found.operation, given.members, request_id)
        status = given.status or found.operation.http.get("responseCode") or 200
        return Reply(status, headers | dict(given.headers or {}), body, given.file, given.drop)

    async def _call(self, request: Request, signer: Signer) -> tuple[Found, dict[str, Any]]:
        if signer.service == "bedrock":
            found = self._models.rest(request)
            body = await request.body.read()
            shape = found.operation.input_shape
            return found, parsing.rest_params(shape, found.labels, request, body, xml=False)
        if signer.service == "s3":
            bucket, key = _bucket_and_key(request)
            found = self._models.s3(request, bucket, key, self._handlers["s3"])
            shape = found.operation.input_shape
            body = b"" if parsing.streams(shape) else await request.body.read()
            params = parsing.rest_params(shape, found.labels, request, body, xml=True)
            for name in shape.required_members if shape else ():
                if name not in params:
                    raise Refusal("InvalidRequest", f"Missing required parameter {name}")
            return found, params
        body = await request.body.read()
        if signer.service == "servicequotas":
            target = request.headers.get("X-Amz-Target", "")
            found = self._models.named("service-quotas", target.rpartition(".")[2])
            return found, parsing.json_params(found.operation.input_shape, body)
        fields = parsing.query_fields(body) or dict(request.query)
        found = self._models.named(signer.service, fields.get("Action"))
        return found, parsing.query_params(found.operation.input_shape, fields)


def _refused(refusal: Refusal, protocol: str, request: Request, request_id: str) -> Reply:
    status, headers, body = rendering.refused(protocol, refusal, request_id)
    return Reply(status, headers, b"" if request.method == "HEAD" or status == 304 else body)


def _no_writing(fault: OSError | sqlite3.OperationalError, protocol: str) -> Refusal:
    """What a caller hears when the folder takes nothing more; any other fault is raised again."""
    if isinstance(fault, OSError):
        if fault.errno not in _NO_WRITING:
            raise fault
        why = os.strerror(fault.errno)
    else:
        why = str(fault)
    code = _BROKEN.get(protocol, "InternalServerException")
    return Refusal(code, f"The sandbox cannot write to its folder: {why}", 500)


def _protocol_of(service: str, request: Request) -> str:
    """What a service speaks; one that is not served at all is answered as its request is written."""
    if service in BY_SIGNING_NAME:
        return _PROTOCOLS.get(service, "rest-json")
    if service == "ec2":
        return "ec2"
    written = request.headers.get("Content-Type", "").casefold()
    if "x-www-form-urlencoded" in written:
        return "query"
    if "x-amz-json" in written:
        return "json"
    return "rest-xml" if service in _OTHERS_IN_XML else "rest-json"


def _action(operation: str) -> str:
    return "InvokeModel" if operation == "Converse" else operation


def _bucket_and_key(request: Request) -> tuple[str, str]:
    """Path style, or virtual-host style below ``localhost``."""
    path = request.path.lstrip("/") if request.path.startswith("/") else request.path
    host = request.host.rpartition(":")[0] if not request.host.endswith("]") else request.host
    host = (host or request.host).lower()
    if host.endswith(".localhost"):
        return host.removesuffix(".localhost"), unquote(request.path[1:])
    bucket, _, key = path.partition("/")
    return unquote(bucket), unquote(key)


def _unsigned_protocol(request: Request) -> str:
    head = request.path.split("/")[1] if request.path.startswith("/") else ""
    bedrock = {
        "model",
        "foundation-models",
        "model-customization-jobs",
        "inference-profiles",
        "custom-models",
    }
    return "rest-json" if head in bedrock else "rest-xml"


def _in_s3_words(refusal: Refusal, protocol: str) -> Refusal:
    if protocol == "rest-xml":
        code = {
            "MissingAuthenticationTokenException": "AccessDenied",
            "SerializationException": "InvalidArgument",
        }
        if refusal.code in code:
            return Refusal(code[refusal.code], refusal.message, 0, refusal.extra, refusal.headers)
    return refusal
