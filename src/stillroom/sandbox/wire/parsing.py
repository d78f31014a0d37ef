"""From bytes to parameters, by the shapes of the service models."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Request

NOT_THE_SCHEMA = "The XML you provided was not well-formed or did not validate against our published schema"


def streams(shape: Any) -> bool:
    """Whether an input's body is handed to the handler piece by piece."""
    if shape is None or "payload" not in shape.serialization:
        return False
    return bool(shape.members[shape.serialization["payload"]].type_name == "blob")


def rest_params(
    shape: Any, labels: Mapping[str, str], request: Request, body: bytes, xml: bool
) -> dict[str, Any]:
    """Parameters of a REST call.

    Args:
        shape: The operation's input shape; None when it takes nothing.
        labels: Decoded path labels.
        request: For query and headers.
        body: Empty when the body is streamed.
        xml: The body is XML (S3), else JSON.

    Raises:
        Refusal: The body or a value cannot be read.
    """
    if shape is None:
        return {}
    params: dict[str, Any] = {}
    payload = shape.serialization.get("payload")
    inside: list[str] = []
    for name, member in shape.members.items():
        where = member.serialization
        location = where.get("location")
        if location is None:
            inside.append(name)
            continue
        value = _located(member, where.get("name", name), location, labels, request)
        if value is not None:
            params[name] = value
    if streams(shape):
        return params
    if payload is not None:
        inside = [payload]
    if not inside or not body:
        return params
    if payload is not None and shape.members[payload].type_name == "string":
        params[payload] = body.decode("utf-8", "replace")
    elif xml:
        root = _xml(body)
        if payload is not None:
            params[payload] = _from_xml(shape.members[payload], root)
        else:
            params |= _structure_from_xml(shape, root, inside)
    else:
        params |= _rest_json_body(shape, payload, body)
    return params


def _rest_json_body(shape: Any, payload: str | None, body: bytes) -> dict[str, Any]:
    if payload is not None:
        return {payload: from_json(shape.members[payload], _json(body), payload)}
    return {
        name: value
        for name, value in json_params(shape, body).items()
        if "location" not in shape.members[name].serialization
    }


def _located(member: Any, wire: str, location: str, labels: Mapping[str, str], request: Request) -> Any:
    if location == "uri":
        return labels.get(wire)
    if location == "querystring":
        values = [value for key, value in request.query if key == wire]
        if not values:
            return None
        if member.type_name == "list":
            return [_scalar(member.member, value) for value in values]
        return _scalar(member, values[0])
    if location == "headers":
        found = {
            key[len(wire) :].lower(): value
            for key, value in request.headers.items()
            if key.lower().startswith(wire.lower())
        }
        return found or None
    text = request.headers.get(wire)
    if text is None:
        return None
    if member.type_name == "list":
        return [_scalar(member.member, piece.strip()) for piece in text.split(",")]
    return _scalar(member, text, header=True)


def _scalar(shape: Any, text: str, header: bool = False) -> Any:
    kind = shape.type_name
    try:
        if kind in {"integer", "long"}:
            return int(text)
        if kind in {"float", "double"}:
            return float(text)
        if kind == "boolean":
            return text.lower() == "true"
        if kind == "timestamp":
            return moment(text, "rfc822" if header else "iso8601")
        if kind == "blob":
            return base64.b64decode(text)
    except (ValueError, OverflowError):
        raise Refusal("SerializationException", f"cannot read {text!r} as {kind}") from None
    return text


def moment(value: Any, form: str = "") -> datetime:
    """A time from Unix seconds, ISO 8601 or an HTTP date.

    Raises:
        ValueError, OverflowError: It is none of them, or beyond the calendar.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_seconds(value)
    text = str(value)
    try:
        if form == "rfc822":
            return parsedate_to_datetime(text)
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return _of_seconds(float(text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _of_seconds(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except OSError as error:  # so many that the system's own calendar gives up before Python's
        raise OverflowError(str(error)) from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refusal("SerializationException", "The request body is not JSON.") from None


def json_params(shape: Any, body: bytes) -> dict[str, Any]:
    """The members that a JSON body names; one that is empty or null names none."""
    if shape is None or not body:
        return {}
    params: dict[str, Any] = from_json(shape, _json(body), "") or {}
    return params


def from_json(shape: Any, value: Any, path: str) -> Any:
    """A JSON value as its shape wants it: blobs decoded, times parsed, unknown members left out.

    Raises:
        Refusal: A value has another type than its shape.
    """
    if value is None or getattr(shape, "is_document_type", False):
        return value
    kind = shape.type_name
    try:
        if kind == "structure" and isinstance(value, dict):
            return {
                name: from_json(member, value[wire], f"{path}.{name}".lstrip("."))
                for name, member in shape.members.items()
                if (wire := member.serialization.get("name", name)) in value and value[wire] is not None
            }
        if kind == "list" and isinstance(value, list):
            return [from_json(shape.member, one, f"{path}.{n}.member") for n, one in enumerate(value, 1)]
        if kind == "map" and isinstance(value, dict):
            return {key: from_json(shape.value, one, f"{path}.{key}") for key, one in value.items()}
        if kind in {"string", "character"} and isinstance(value, str):
            return value
        if kind == "boolean" and isinstance(value, bool):
            return value
        if kind in {"integer", "long"} and _is_number(value) and value == int(value):
            return int(value)
        if kind in {"float", "double"} and _is_number(value):
            return float(value)
        if kind == "blob" and isinstance(value, str):
            return base64.b64decode(value, validate=True)
        if kind == "timestamp":
            return moment(value)
    except (ValueError, OverflowError):
        pass
    raise Refusal("SerializationException", f"Unexpected type or value at '{path}': a {kind} is wanted")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _xml(body: bytes) -> ET.Element:
    # Entities have no place in these bodies; without them the parser has nothing to be tricked with.
    if b"<!" in body:
        raise Refusal("MalformedXML", "The XML you provided was not well-formed.")
    try:
        return ET.fromstring(body)  # noqa: S314
    except ET.ParseError:
        raise Refusal("MalformedXML", "The XML you provided was not well-formed.") from None


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _structure_from_xml(shape: Any, element: ET.Element, names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        member = shape.members[name]
        flat = member.type_name == "list" and member.serialization.get("flattened")
        wire = member.serialization.get("name", name)
        if flat:
            wire = member.member.serialization.get("name", wire)
        children = [child for child in element if _local(child) == wire]
        if flat and children:
            found[name] = [_from_xml(member.member, child) for child in children]
        elif children:
            found[name] = _from_xml(member, children[0])
    return found


def _from_xml(shape: Any, element: ET.Element) -> Any:
    kind = shape.type_name
    if kind == "structure":
        found = _structure_from_xml(shape, element, list(shape.members))
        attributes = {name for name, one in shape.members.items() if one.serialization.get("xmlAttribute")}
        if set(shape.required_members) - attributes - found.keys():
            raise Refusal("MalformedXML", NOT_THE_SCHEMA)
        return found
    if kind == "list":
        return [_from_xml(shape.member, child) for child in element]
    return _scalar(shape, element.text or "")


def query_fields(body: bytes) -> dict[str, str]:
    """The form fields of a query-protocol call.

    Raises:
        Refusal: The body is not form-encoded text.
    """
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
    except ValueError:
        raise Refusal("MalformedQueryString", "The query string is malformed.", 404) from None


def query_params(shape: Any, fields: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
    """Parameters of a query-protocol call (``Tags.member.1.Key=…``)."""
    if shape is None:
        return {}
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        value = _from_query(member, fields, prefix + member.serialization.get("name", name))
        if value is not None:
            found[name] = value
    return found


def _from_query(shape: Any, fields: Mapping[str, str], name: str) -> Any:
    if shape.type_name == "structure":
        return query_params(shape, fields, f"{name}.") or None
    if shape.type_name == "list":
        middle = "" if shape.serialization.get("flattened") else ".member"
        items: list[Any] = []
        while (one := _from_query(shape.member, fields, f"{name}{middle}.{len(items) + 1}")) is not None:
            items.append(one)
        return items or None
    return _scalar(shape, fields[name]) if name in fields else None
