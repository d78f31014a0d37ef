"""Errors of Converse calls, as a labeling run needs them: the class, and whether asking again can help.

Statuses and codes: botocore's ``bedrock-runtime`` model, operation Converse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stillroom.aws.errors import translate
from stillroom.aws.faults import (
    DENIED,
    EXPIRED,
    MISSING,
    NOT_SIGNED_UP,
    QUOTA,
    SKEWED,
    THROTTLED,
    UNKNOWN_KEYS,
    Fault,
    is_skewed,
    read_fault,
)
from stillroom.aws.model_errors import is_custom_model, model_trouble, needs_deployment
from stillroom.errors import StillroomError
from stillroom.labeling.values import AskFailed, FailureClass

_SERVICE_CODES = frozenset(
    {
        "ServiceUnavailableException",
        "InternalServerException",
        "InternalFailure",
        "ModelNotReadyException",
        "ModelTimeoutException",
        "ModelErrorException",
    }
)
_ALL_CALLS_ALIKE = re.compile(
    r"maximum tokens you requested|max_?tokens|temperature|top_?p\b|stop_?sequences|inferenceConfig",
    re.IGNORECASE,
)
"""A ValidationException about these is about the settings, which every picture shares."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    failure: FailureClass
    retryable: bool = False
    stops_run: bool = False
    outcome_unknown: bool = False
    unsent: bool = False


_ACCESS = _Judgement(FailureClass.ACCESS, stops_run=True)
_AGAIN = _Judgement(FailureClass.SERVICE, retryable=True)
_NOT_SENT = _Judgement(FailureClass.SERVICE, retryable=True, unsent=True)
_PERHAPS_SERVED = _Judgement(FailureClass.SERVICE, retryable=True, outcome_unknown=True)


def ask_failed(error: Exception, model_id: str = "", *, region: str = "", profile: str = "") -> AskFailed:
    """Translate one exception of a Converse call.

    Read time-outs and connections lost after sending may have been served and billed: their outcome is
    unknown. Where no connection was made nothing was sent.

    Args:
        error: What boto3 raised.
        model_id: What was called.
        region: Region of the call.
        profile: Profile in use.
    """
    from botocore.exceptions import ClientError

    fault = read_fault(error)
    if is_custom_model(model_id) and fault.code in ("ValidationException", "ResourceNotFoundException"):
        trouble = needs_deployment(model_id)
        return AskFailed(
            FailureClass.ACCESS, trouble.what, code=fault.code, stops_run=True, todo=trouble.todo
        )
    known = translate(error, region=region, profile=profile, thing=model_id)
    judged = _judge_answer(fault, model_id) if isinstance(error, ClientError) else _judge_silence(error)
    return AskFailed(
        judged.failure,
        _message(fault, known, judged),
        code=fault.code,
        retryable=judged.retryable,
        stops_run=judged.stops_run,
        outcome_unknown=judged.outcome_unknown,
        unsent=judged.unsent,
        todo=known.todo,
    )


def _message(fault: Fault, known: StillroomError, judged: _Judgement) -> str:
    """The service's own words, unless ours are what a stopped run has to tell."""
    return known.what if judged.stops_run or not fault.message else fault.message


def _judge_answer(fault: Fault, model_id: str) -> _Judgement:
    code, status = fault.code, fault.status
    if code == "ModelNotReadyException":
        return _AGAIN
    if code in THROTTLED or status == 429:
        # "Too many tokens" is a throttle too; only a daily quota does not come back within a run
        daily = "per day" in fault.message.casefold()
        return _Judgement(FailureClass.THROTTLED, retryable=not daily, stops_run=daily)
    if code in QUOTA:
        return _Judgement(FailureClass.THROTTLED, stops_run=True)
    if is_skewed(fault) or code in EXPIRED | UNKNOWN_KEYS | DENIED | MISSING | NOT_SIGNED_UP | SKEWED:
        return _ACCESS
    if model_trouble(code, fault.message, model_id) is not None:
        return _ACCESS
    if code in _SERVICE_CODES:
        return _AGAIN
    if status in (502, 504):
        # not Bedrock's own error: a gateway gave up waiting, and the model may have answered behind it
        return _PERHAPS_SERVED
    if status >= 500:
        return _AGAIN
    if status in (401, 403, 404):
        return _ACCESS
    alike = code == "ValidationException" and _ALL_CALLS_ALIKE.search(fault.message) is not None
    return _ACCESS if alike else _Judgement(FailureClass.INVALID)


def _judge_silence(error: Exception) -> _Judgement:
    """Exceptions without an answer of the service."""
    from botocore import exceptions as boto
    from botocore.parsers import ResponseParserError

    if isinstance(error, boto.EndpointConnectionError | boto.ConnectTimeoutError | boto.ProxyConnectionError):
        return _NOT_SENT
    if isinstance(error, boto.SSLError) and "certificate" in str(error).casefold():
        return _ACCESS
    if isinstance(error, boto.SSLError | boto.HTTPClientError | ResponseParserError):
        return _PERHAPS_SERVED
    return _ACCESS
