"""From members to bytes, by the shapes of the service models; and errors in each protocol's form."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from stillroom.sandbox.wire.refusal import Refusal

_S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_S3_ROOTS = {
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "ListParts": "ListPartsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "GetBucketTagging": "Tagging",
    "GetObjectTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
}


def rendered(
    protocol: str, model: Any, operation: Any, members: Mapping[str, Any], request_id: str
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a good answer."""
    shape = operation.output_shape
    if protocol == "query":
        return {"Content-Type": "text/xml"}, _query_body(model, operation, shape, members, request_id)
    if protocol == "json":
        body = b"{}" if shape is None else _dump(_to_json(shape, members, "unixTimestamp"))
        return {"Content-Type": "application/x-amz-json-1.1"}, body
    headers = {} if shape is None else _header_members(shape, members)
    if protocol == "rest-xml":
        body = _s3_body(operation.name, shape, members)
        if body:
            headers.setdefault("Content-Type", "application/xml")
        return headers, body
    headers["Content-Type"] = "application/json"
    if shape is None:
        return headers, b"{}"
    plain = {k: v for k, v in members.items() if "location" not in shape.members[k].serialization}
    return headers, _dump(_to_json(shape, plain, "unixTimestamp"))


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _to_json(shape: Any, value: Any, times: str) -> Any:
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return value
    if kind == "structure":
        return {
            shape.members[name].serialization.get("name", name): _to_json(shape.members[name], one, times)
            for name, one in value.items()
            if one is not None
        }
    if kind == "list":
        return [_to_json(shape.member, one, times) for one in value]
    if kind == "map":
        return {key: _to_json(shape.value, one, times) for key, one in value.items()}
    if kind == "timestamp":
        return stamp(value, shape.serialization.get("timestampFormat", times))
    if kind == "blob":
        return base64.b64encode(value).decode()
    return value


def stamp(value: datetime | float, form: str) -> Any:
    """A time as ``iso8601``, ``rfc822`` or Unix seconds."""
    when = value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
    if form == "iso8601":
        return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if form == "rfc822":
        return format_datetime(when.astimezone(UTC), usegmt=True)
    return round(when.timestamp(), 3)


def _plain(shape: Any, value: Any, times: str) -> str:
    if shape.type_name == "timestamp":
        return str(stamp(value, shape.serialization.get("timestampFormat", times)))
    if shape.type_name == "boolean":
        return "true" if value else "false"
    if shape.type_name == "blob":
        return base64.b64encode(value).decode()
    return str(value)


def _header_members(shape: Any, members: Mapping[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in members.items():
        member = shape.members[name]
        location = member.serialization.get("location")
        if value is None or location is None:
            continue
        wire = member.serialization.get("name", name)
        if location == "headers":
            headers |= {f"{wire}{key}": text for key, text in value.items()}
        elif location == "header":
            headers[wire] = _plain(member, value, "rfc822")
    return headers


def _s3_body(name: str, shape: Any, members: Mapping[str, Any]) -> bytes:
    if shape is None:
        return b""
    payload = shape.serialization.get("payload")
    if name == "GetBucketLocation":
        region = members.get("LocationConstraint") or ""
        return _document("LocationConstraint", escape(region), _S3_NAMESPACE)
    if payload is not None:
        member, value = shape.members[payload], members.get(payload)
        if value is None:
            return b""
        if member.type_name == "string":
            return str(value).encode()
        if member.type_name == "blob":
            return bytes(value)
        inner = _xml_members(member, value)
        return _document(member.serialization.get("name", payload), inner, _S3_NAMESPACE)
    plain = {k: v for k, v in members.items() if "location" not in shape.members[k].serialization}
    if not any("location" not in member.serialization for member in shape.members.values()):
        return b""
    return _document(_S3_ROOTS.get(name, name), _xml_members(shape, plain), _S3_NAMESPACE)


def _document(root: str, inner: str, namespace: str) -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">{inner}</{root}>'
    return text.encode()


def _xml_members(shape: Any, value: Mapping[str, Any]) -> str:
    pieces = []
    for name, one in value.items():
        if one is not None:
            member = shape.members[name]
            pieces.append(_xml_value(member, member.serialization.get("name", name), one))
    return "".join(pieces)


def _xml_value(shape: Any, wire: str, value: Any) -> str:
    kind = shape.type_name
    if kind == "structure":
        return f"<{wire}>{_xml_members(shape, value)}</{wire}>"
    if kind == "list":
        if shape.serialization.get("flattened"):
            name = shape.member.serialization.get("name", wire)
            return "".join(_xml_value(shape.member, name, one) for one in value)
        name = shape.member.serialization.get("name", "member")
        return f"<{wire}>{''.join(_xml_value(shape.member, name, one) for one in value)}</{wire}>"
    return f"<{wire}>{escape(_plain(shape, value, 'iso8601'))}</{wire}>"


def _query_body(model: Any, operation: Any, shape: Any, members: Mapping[str, Any], request_id: str) -> bytes:
    inner = ""
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper")
        inner = _xml_members(shape, members)
        inner = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
    meta = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    return _document(f"{operation.name}Response", inner + meta, model.metadata["xmlNamespace"])


def refused(protocol: str, refusal: Refusal, request_id: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an error answer."""
    headers = dict(refusal.headers)
    code, message = refusal.code, refusal.message
    if protocol == "rest-json":
        headers |= {"x-amzn-ErrorType": code, "Content-Type": "application/json"}
        return refusal.http_status, headers, _dump({"message": message, **refusal.extra})
    if protocol == "json":
        headers["Content-Type"] = "application/x-amz-json-1.1"
        return refusal.http_status, headers, _dump({"__type": code, "Message": message})
    headers["Content-Type"] = "application/xml"
    extra = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in refusal.extra.items())
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>{extra}"
    if protocol == "query":
        kind = "Receiver" if refusal.http_status >= 500 else "Sender"
        error = f"<Error><Type>{kind}</Type>{error}</Error>"
        text = f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
    elif protocol == "ec2":
        errors = f"<Errors><Error>{error}</Error></Errors>"
        text = f"<Response>{errors}<RequestID>{request_id}</RequestID></Response>"
    else:
        text = f"<Error>{error}<RequestId>{request_id}</RequestId><HostId>stillroom-sandbox</HostId></Error>"
    return refusal.http_status, headers, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
