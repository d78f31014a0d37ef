"""Errors of boto3 and the services, in two lines a user can act on.

Fragments of messages are matched only where one code means many things. A code that is not known here is
shown as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from stillroom.aws.credential_errors import PLAIN, is_of_credentials, unreadable_credentials
from stillroom.aws.faults import (
    DENIED,
    EXPIRED,
    INVALID,
    MISSING,
    NOT_SIGNED_UP,
    OTHER_REGION,
    QUOTA,
    TAKEN,
    THROTTLED,
    UNKNOWN_KEYS,
    UNKNOWN_OPERATION,
    Call,
    Fault,
    is_skewed,
    read_fault,
)
from stillroom.aws.model_errors import model_trouble
from stillroom.aws.policies import CALLER_ACTIONS, MAKING_ACTIONS
from stillroom.errors import (
    BadRequest,
    Conflict,
    CredentialsRefused,
    EndpointSilent,
    ModelRefused,
    NotFound,
    PermissionRefused,
    QuotaRefused,
    Refused,
    StillroomError,
    Unreachable,
)
from stillroom.training import failures

_ASK = "Ask whoever runs the account for it."
_ASK_STATEMENTS = "Ask whoever runs the account for it; `stillroom setup --print` shows the statements."
_ASK_MAKING = "Ask whoever runs the account to make it: `stillroom setup --print` shows all that it takes."
_NOT_AUTHORIZED = re.compile(
    r"not authorized to perform:? (?P<action>[\w-]+:\w+)(?: on (?:the )?resource:? (?P<resource>\S+))?"
)
_ABOUT_THE_ROLE = re.compile(
    rf"role.{{0,200}}{failures.ASSUMING}|{failures.ASSUMING}.{{0,200}}role"
    "|PassRole|GetObject permissions|perms missing",
    re.IGNORECASE,
)


def _whom_to_ask(action: str) -> str:
    """What is printed is named only where it helps."""
    if action in MAKING_ACTIONS:
        return _ASK_MAKING
    return _ASK_STATEMENTS if action in CALLER_ACTIONS else _ASK


@contextmanager
def translated(
    doing: str, *, region: str = "", profile: str = "", thing: str = "", endpoint: str = ""
) -> Iterator[None]:
    """Turn whatever boto3 raises inside into a :class:`~stillroom.errors.StillroomError`.

    Args:
        doing: What was being done, as it follows "could not": ``make the bucket``.
        region: Region of the call, for errors that are about regions.
        profile: Profile in use, for the hint how to sign in.
        thing: Name of what it was done to; shown with missing or taken things.
        endpoint: The setting that names an endpoint in place of AWS's own; empty: none does.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except (ClientError, BotoCoreError, ResponseParserError, *PLAIN) as error:
        if is_of_the_caller(error):
            raise
        raise translate(
            error, doing, region=region, profile=profile, thing=thing, endpoint=endpoint
        ) from error


def is_of_the_caller(error: Exception) -> bool:
    """Whether a plain error is none of boto3's: nothing of it came from where credentials are read."""
    from botocore.exceptions import BotoCoreError

    plain = isinstance(error, PLAIN) and not isinstance(error, BotoCoreError)
    return plain and not is_of_credentials(error)


def translate(
    error: Exception,
    doing: str = "",
    *,
    region: str = "",
    profile: str = "",
    thing: str = "",
    endpoint: str = "",
) -> StillroomError:
    """Translate one exception of boto3; see :func:`translated`."""
    from botocore.exceptions import BotoCoreError, ClientError

    call = Call(doing, region, profile, thing, endpoint)
    fault = read_fault(error)
    if isinstance(error, ClientError):
        found = _service_error(fault, call)
        if isinstance(found, Refused):
            found.retried = fault.retried
        return found
    if isinstance(error, PLAIN) and not isinstance(error, BotoCoreError):
        return unreadable_credentials(error, call)
    return _client_error(error, fault, call)


def _service_error(fault: Fault, call: Call) -> StillroomError:
    for translate_some in (_credentials, _model, _permission, _things, _limits):
        found = translate_some(fault, call)
        if found is not None:
            return found
    if fault.status >= 500 or fault.code in ("500", "502", "503", "504"):
        return Unreachable(
            f"{call.prefix}the service failed ({_verbatim(fault)}).", "Try again in a while; nothing is lost."
        )
    return Refused(f"{call.prefix}{_verbatim(fault)}", "", code=fault.code)


def _credentials(fault: Fault, call: Call) -> StillroomError | None:
    code = fault.code
    if is_skewed(fault):
        return CredentialsRefused(
            f"{call.prefix}AWS refused the request's time: this machine's clock is wrong.",
            "Set the clock.",
            code=code,
        )
    if code in EXPIRED:
        return CredentialsRefused(f"{call.prefix}the credentials have expired.", call.sign_in, code=code)
    if code in UNKNOWN_KEYS:
        return CredentialsRefused(
            f"{call.prefix}AWS does not know these credentials ({code}).",
            f"Check the keys{_and_profile(call)}, and that region {call.region or '?'} is enabled for you.",
            code=code,
        )
    if code in NOT_SIGNED_UP:
        return Refused(
            f"{call.prefix}the account is not signed up for this service ({code}).",
            "Finish the account's sign-up in the AWS console.",
            code=code,
        )
    return None


def _model(fault: Fault, call: Call) -> StillroomError | None:
    trouble = model_trouble(fault.code, fault.message, call.thing)
    return ModelRefused(trouble.what, trouble.todo, code=fault.code) if trouble else None


def _permission(fault: Fault, call: Call) -> StillroomError | None:
    found = _NOT_AUTHORIZED.search(fault.message)
    # The caller's own profile may name a role, too.
    own = found is not None and found["action"] == "sts:AssumeRole"
    if fault.code in INVALID | DENIED and not own and _ABOUT_THE_ROLE.search(fault.message):
        explained = failures.translate(fault.message)
        return PermissionRefused(f"{call.prefix}{explained.what}", explained.todo, code=fault.code)
    if fault.code not in DENIED:
        return None
    if found:
        resource = (found["resource"] or "").rstrip(".,;")
        on = f" on {resource}" if resource else ""
        scp = " (a service control policy denies it)" if "service control policy" in fault.message else ""
        return PermissionRefused(
            f"{call.prefix}your credentials may not {found['action']}{on}{scp}.",
            _whom_to_ask(found["action"]),
            code=fault.code,
        )
    return PermissionRefused(
        f"{call.prefix}access denied{_on(call)} ({_verbatim(fault)}).",
        _ASK_STATEMENTS,
        code=fault.code,
    )


def _things(fault: Fault, call: Call) -> StillroomError | None:
    code = fault.code
    if code in OTHER_REGION:
        return BadRequest(
            f"{call.prefix}{call.thing or 'it'} is not in region {call.region or '?'} ({code}).",
            "Use the region of the bucket, or another bucket.",
            code=code,
        )
    if code in MISSING:
        missing = f"there is no {call.thing}" if call.thing else _verbatim(fault)
        return NotFound(
            f"{call.prefix}{missing}{_in_region(call)}.", "Check its name and the region.", code=code
        )
    if code in TAKEN:
        return Conflict(f"{call.prefix}{_verbatim(fault)}", _conflict_todo(code, call), code=code)
    if code in INVALID:
        return BadRequest(f"{call.prefix}{_verbatim(fault)}", "", code=code)
    if code in UNKNOWN_OPERATION:
        return Refused(
            f"{call.prefix}the endpoint does not know the operation ({_verbatim(fault)}).",
            "Check the region and the endpoint URL.",
            code=code,
        )
    return None


def _limits(fault: Fault, call: Call) -> StillroomError | None:
    if fault.code in THROTTLED or fault.status == 429:
        daily = "per day" in fault.message.casefold()
        todo = "The daily quota is used up: go on tomorrow." if daily else "Wait a minute and try again."
        return QuotaRefused(
            f"{call.prefix}AWS throttles the calls ({_verbatim(fault)}).", todo, code=fault.code
        )
    if fault.code in QUOTA:
        return QuotaRefused(
            f"{call.prefix}a quota of the account is reached ({_verbatim(fault)}).",
            "Delete what is not needed (`stillroom jobs` lists it), or ask AWS for a higher quota.",
            code=fault.code,
        )
    return None


def _client_error(error: Exception, fault: Fault, call: Call) -> StillroomError:
    """Errors that boto3 raises without an answer of a service."""
    from botocore import exceptions as boto

    missing = (boto.NoCredentialsError, boto.PartialCredentialsError)
    single_sign_on = (
        boto.SSOTokenLoadError,
        boto.UnauthorizedSSOTokenError,
        boto.SSOError,
        boto.TokenRetrievalError,
        boto.CredentialRetrievalError,
    )
    if isinstance(error, missing):
        return CredentialsRefused(
            f"{call.prefix}there are no AWS credentials{_and_profile(call)}.",
            "Run `aws configure` or `aws sso login`, or set aws.profile in stillroom.toml.",
            code=fault.code,
        )
    if isinstance(error, single_sign_on):
        return CredentialsRefused(
            f"{call.prefix}the sign-in has expired or is missing ({fault.code}).",
            call.sign_in,
            code=fault.code,
        )
    if isinstance(error, boto.ProfileNotFound):
        return CredentialsRefused(
            f"There is no AWS profile {error.kwargs.get('profile', call.profile)!r}.",
            "`aws configure list-profiles` lists them.",
            code=fault.code,
        )
    if isinstance(error, boto.NoRegionError):
        return BadRequest("No AWS region is set.", "Set aws.region in stillroom.toml.", code=fault.code)
    if isinstance(error, boto.InvalidRegionError | boto.UnknownRegionError):
        return BadRequest(
            f"{call.region!r} is not an AWS region.", "Set aws.region in stillroom.toml.", code=fault.code
        )
    if isinstance(error, boto.ConfigParseError | boto.ConfigNotFound | boto.InvalidConfigError):
        return CredentialsRefused(
            f"The AWS configuration files cannot be read ({fault.code}).",
            "Look at ~/.aws/config.",
            code=fault.code,
        )
    if isinstance(error, boto.ParamValidationError):
        return BadRequest(f"{call.prefix}{fault.message}", "", code=fault.code)
    return _transport_error(error, fault, call)


def _transport_error(error: Exception, fault: Fault, call: Call) -> StillroomError:
    from botocore import exceptions as boto
    from botocore.parsers import ResponseParserError

    where = f"region {call.region!r}" if call.region else "the region"
    if isinstance(error, boto.EndpointConnectionError | boto.ConnectTimeoutError) and call.endpoint:
        return EndpointSilent(
            f"{call.prefix}the endpoint that {call.endpoint} names does not answer ({fault.code}).",
            f"Check the network, or change {call.endpoint}.",
        )
    if isinstance(error, boto.EndpointConnectionError | boto.ConnectTimeoutError | boto.ProxyConnectionError):
        return Unreachable(
            f"{call.prefix}the endpoint does not answer ({fault.code}).",
            f"Check the network, {where} and the endpoint URL.",
        )
    if isinstance(error, boto.SSLError):
        return Unreachable(
            f"{call.prefix}no trusted TLS connection could be made.",
            "Check the clock, proxies and the certificates (AWS_CA_BUNDLE).",
        )
    if isinstance(error, ResponseParserError):
        return Unreachable(
            f"{call.prefix}the answer is not one of AWS.", "Check the endpoint URL and proxies in between."
        )
    if isinstance(error, boto.HTTPClientError):
        return Unreachable(
            f"{call.prefix}the connection was lost ({fault.code}).", "Try again; what was finished is kept."
        )
    return Refused(f"{call.prefix}{fault.code}: {fault.message}", "", code=fault.code)


def _verbatim(fault: Fault) -> str:
    return f"{fault.code}: {fault.message}" if fault.message else fault.code


def _conflict_todo(code: str, call: Call) -> str:
    if call.doing.startswith(("delete ", "remove ", "stop ")):
        return "Remove what uses it first, or try again when that has ended."
    if code == "BucketAlreadyExists":
        return "Bucket names are shared by all accounts: choose another name."
    return "Choose another name, or remove what uses it first."


def _and_profile(call: Call) -> str:
    return f" in profile {call.profile}" if call.profile else ""


def _on(call: Call) -> str:
    return f" on {call.thing}" if call.thing else ""


def _in_region(call: Call) -> str:
    return f" in {call.region}" if call.region else ""
