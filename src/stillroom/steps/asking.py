"""What a labeling run sends, what that costs, and how fast it may go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from stillroom.errors import EndpointSilent, Refused, Unreachable
from stillroom.labeling.pacing import expected_rate
from stillroom.labeling.values import Item, Pace
from stillroom.money import Band, TokenPrices
from stillroom.money.estimate import Line, label_estimate
from stillroom.money.meter import MARGIN
from stillroom.money.models import named
from stillroom.pictures import PreparedFile
from stillroom.pictures.tokens import family_of, picture_tokens
from stillroom.records.tokens import text_tokens
from stillroom.steps.preparing import fitted, prepare_key, prepared_folder
from stillroom.steps.quotas_known import bounds, known_pace, read_quota, refuse_none
from stillroom.steps.regions import region_asked
from stillroom.steps.targets import Target
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, Measured, RunSpec

ENOUGH_MEASURED = 5
"""After so many answers their mean replaces the estimate."""
USUAL_OUTPUT = 90.0
"""Tokens of a list of 15–25 keywords, until measured."""
USUAL_SECONDS = 1.5
"""Seconds a call takes, until measured."""
_ASSUMED_PICTURE_TOKENS = 1600
"""For a model whose way of counting pictures is not known; its first answers replace it."""


def items_of(
    workspace: Workspace,
    spec: RunSpec,
    rows: Sequence[ContentRow],
    prepared: Mapping[str, PreparedFile],
) -> list[Item]:
    """What the engine asks about; pictures that could not be prepared are left out."""
    folder = prepared_folder(workspace)
    text = prompt_tokens(spec)
    items = []
    for row in rows:
        file = prepared[row.content]
        if not file.flag:
            tokens = text + picture_estimate(spec.base_model, file.width, file.height)
            items.append(
                Item(row.content, str(folder / file.path), file.format, tokens, prepared_size=file.size)
            )
    return items


def prompt_tokens(spec: RunSpec) -> int:
    """Estimated tokens of system and user text."""
    return text_tokens(spec.prompt.system) + text_tokens(spec.prompt.user)


def picture_estimate(model: str, width: int, height: int) -> int:
    """Estimated tokens of one prepared picture."""
    return picture_tokens(family_of(model), width, height) or _ASSUMED_PICTURE_TOKENS


def token_prices(workspace: Workspace, spec: RunSpec, model: str | None = None) -> TokenPrices:
    """What the run's model costs a token, in its region."""
    region = region_asked(workspace, spec.name, spec.model)
    asked = model or spec.model
    if spec.role == "student" and ":custom-model-deployment/" not in asked and ":provisioned" not in asked:
        # Not deployed yet: it will be, on demand.
        asked = f"arn:aws:bedrock:{region}::custom-model-deployment/planned"
    return workspace.prices.tokens(asked, base_model=spec.base_model or None, region=region)


def dearest_call(workspace: Workspace, spec: RunSpec, row: ContentRow) -> Decimal | None:
    """USD that a budget has to have room for before one picture is asked about; None: no price is known."""
    size = fitted(row.width, row.height, workspace.settings.prepare)
    tokens = prompt_tokens(spec) + picture_estimate(spec.base_model, *size)
    return token_prices(workspace, spec).of(float(MARGIN * tokens), spec.inference.max_tokens)


def price(workspace: Workspace, spec: RunSpec, rows: Sequence[ContentRow]) -> Line:
    """Estimate asking about ``rows``: from measured means after some calls, from formulas before."""
    return price_of_sizes(workspace, spec, len(rows), lambda: [(row.width, row.height, 1) for row in rows])


def price_of_sizes(
    workspace: Workspace,
    spec: RunSpec,
    count: int,
    sizes: Callable[[], Sequence[tuple[int, int, int]]],
) -> Line:
    """Estimate asking about so many pictures.

    Args:
        workspace: The project.
        spec: Whom to ask.
        count: Pictures.
        sizes: Width, height and number of pictures of that size; asked for only where nothing was measured.
    """
    settings = workspace.settings
    measured = _measured(workspace, spec)
    if measured is not None and measured.calls >= ENOUGH_MEASURED:
        inputs = _around(measured.input_tokens)
        likely = max(1.0, measured.output_tokens)
        outputs = Band(likely * 0.9, likely, max(likely, min(likely * 1.5, spec.inference.max_tokens)))
    else:
        untrained = _measured_untrained(workspace, spec)
        if untrained is not None and untrained.calls >= ENOUGH_MEASURED:
            inputs = _around(untrained.input_tokens)
        else:
            pictures = sum(
                number * picture_estimate(spec.base_model, *fitted(width, height, settings.prepare))
                for width, height, number in sizes()
            )
            mean = prompt_tokens(spec) + (pictures / count if count else 0)
            inputs = Band(mean * 0.85, mean, mean * 1.25)
        most = float(spec.inference.max_tokens)
        usual = min(USUAL_OUTPUT, most)
        outputs = Band(usual * 0.6, usual, most)
    return label_estimate(
        f"label {spec.name}",
        count,
        inputs,
        outputs,
        token_prices(workspace, spec),
        seconds=time_of(workspace, spec, count),
    )


def _measured(workspace: Workspace, spec: RunSpec) -> Measured | None:
    """Means of what the model was asked with this prompt and preparation; None: nothing yet."""
    # A student is as chatty as its siblings, and has another id with every deployment.
    model = spec.base_model if spec.student else spec.model
    key = prepare_key(workspace.settings.prepare)
    return workspace.store.spending.measured(model, key, spec.prompt_version)


def _measured_untrained(workspace: Workspace, spec: RunSpec) -> Measured | None:
    """Means of the model that a student was trained from, with this prompt and preparation.

    Training changes what a model answers, and not how it counts what it reads: input tokens alone are those
    of the student. None: nothing was measured, or it is no student, or one of another model.
    """
    model = workspace.settings.student.model
    base, untrained = named(spec.base_model), named(model)
    if not spec.student or base is None or untrained is None or base.model != untrained.model:
        return None
    return workspace.store.spending.measured(model, spec.prepare_key, spec.prompt_version)


def _around(tokens: float) -> Band:
    """A mean that was measured over other pictures than those to come."""
    return Band(tokens * 0.9, tokens, tokens * 1.1)


def time_of(workspace: Workspace, spec: RunSpec, count: int) -> Band:
    """Seconds that asking about so many pictures takes: as measured, else as calls usually take.

    Never faster than the bounds in the project file, or than the quotas allow, as they were last read.
    """
    measured = _measured(workspace, spec)
    # An answer may have come in less than the millisecond that is the least that is told.
    one = max(0.001, measured.seconds_per_call) if measured else USUAL_SECONDS
    inputs = measured.input_tokens if measured else prompt_tokens(spec) + _ASSUMED_PICTURE_TOKENS
    custom = spec.role == "student"
    asked = spec.base_model if custom else spec.model
    pace = known_pace(workspace, asked, region_asked(workspace, spec.name, spec.model), custom=custom)
    rate = expected_rate(pace, one, inputs + spec.inference.max_tokens)
    run = workspace.store.runs.id_of(spec)
    answering = workspace.store.runs.answering_rate(run) if run is not None else 0.0
    if answering > 0:
        rate = min(answering, rate)
    # Many at a time take no less than one of them does.
    likely = max(count / rate, one) if count else 0.0
    return Band(likely * 0.6, likely, likely * 2.5)


def resolved_pace(workspace: Workspace, wanted: Target, model: str) -> Pace:
    """The bounds of a run that calls ``model``; ``auto`` becomes what the account's quotas allow.

    A caller who may not read quotas, or cannot reach them from a closed network, has no bound of ours:
    throttling then tells.

    Raises:
        QuotaRefused: The account's quotas allow nothing.
    """
    limits, spec = workspace.settings.limits, wanted.spec
    found, custom = None, spec.role == "student"
    if "auto" in (limits.requests_per_minute, limits.tokens_per_minute):
        asked = spec.base_model if custom else spec.model
        try:
            region = region_asked(workspace, spec.name, spec.model)
            found = read_quota(workspace, asked, spec.base_model, model, region, custom=custom)
        except EndpointSilent:
            raise  # nor will the model answer: it is asked at the same endpoint
        except (Refused, Unreachable):
            found = None
        else:
            refuse_none(found, limits, asked, region)
    return bounds(
        limits.concurrency,
        limits.requests_per_minute,
        limits.tokens_per_minute,
        found.requests_per_minute if found else None,
        found.tokens_per_minute if found else None,
    )
