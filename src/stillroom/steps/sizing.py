"""Sizes: what each picture size costs in tokens, bytes, money and time; and where shrinking saves nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from stillroom.background import Progress
from stillroom.errors import Interrupted, PictureError
from stillroom.pictures import PrepareSettings
from stillroom.pictures.tokens import Family, family_of, picture_tokens
from stillroom.steps.asking import USUAL_OUTPUT, prompt_tokens, time_of, token_prices
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.selecting import refuse_unscanned
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.workspace import Workspace

SIDES = (512, 768, 1024, 1568, 2048, 0)
"""Longest sides in pixels, beside the project's own; 0 is the original size."""
_FAMILIES = (Family.NOVA_V1, Family.NOVA_2_LITE, Family.CLAUDE)
_SAVES_NOTHING = 0.02
"""Below this share of tokens a smaller size is not worth its loss of detail."""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One picture size, as means over the sample."""

    longest_side: int
    """Pixels; 0: original."""
    pixels: str
    """Mean width and height."""
    bytes: int
    tokens: dict[str, int]
    """Mean picture tokens by model family."""
    usd_per_1000: Decimal | None
    """Price of 1,000 teacher calls; None: unknown."""
    seconds_per_1000: float
    """Time of 1,000 teacher calls: as measured, else at the project's concurrency."""
    current: bool
    """Whether it is the project's setting."""


@dataclass(frozen=True, slots=True)
class SizesResult:
    """All sizes, smallest first."""

    sample: int
    model: str
    rows: tuple[SizeRow, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Sizes:
    """Prepares a sample at each size and reckons. Costs nothing and calls nobody."""

    sample: int = 20

    def plan(self, workspace: Workspace) -> Plan:
        return Plan(
            verb="sizes",
            title="Reckon picture sizes",
            count=1,
            command=f"stillroom sizes --sample {self.sample}",
        )

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> SizesResult:
        """Reckon.

        Raises:
            UsageError: No picture has been scanned.
            PictureError: None of the sample can be prepared.
            Interrupted: Stopped.
        """
        count, sample = _prepared(self._sample(workspace), workspace.settings.prepare, watch)
        wanted = target(workspace, TEACHER)
        prices = token_prices(workspace, wanted.spec)
        family = family_of(wanted.spec.base_model)
        text = prompt_tokens(wanted.spec)
        seconds = time_of(workspace, wanted.spec, 1000).likely
        rows = []
        for side, made in sample.items():
            tokens = {
                one.value: round(sum(picture_tokens(one, w, h) or 0 for _, w, h in made) / len(made))
                for one in _FAMILIES
            }
            mine = tokens.get(family.value)
            usd = None if mine is None else prices.of(text + mine, USUAL_OUTPUT)
            rows.append(
                SizeRow(
                    side,
                    f"{sum(w for _, w, _ in made) // len(made)}x{sum(h for _, _, h in made) // len(made)}",
                    sum(size for size, _, _ in made) // len(made),
                    tokens,
                    None if usd is None else usd * 1000,
                    seconds,
                    side == workspace.settings.prepare.longest_side,
                )
            )
        return SizesResult(count, wanted.spec.model, tuple(rows), remarks(rows, family))

    def _sample(self, workspace: Workspace) -> list[Path]:
        refuse_unscanned(workspace)
        rows = [row for row in workspace.store.pictures.contents() if not row.excluded]
        seed = workspace.settings.pictures.seed
        rows.sort(key=lambda row: hashlib.sha256(f"sizes:{seed}:{row.content}".encode()).digest())
        folder = workspace.project.pictures_folder
        return [folder / row.path for row in rows[: self.sample]]


def _prepared(
    paths: Sequence[Path], usual: PrepareSettings, watch: Watch
) -> tuple[int, dict[int, list[tuple[int, int, int]]]]:
    """Prepare pictures at every size; one at a time is in memory.

    Returns:
        How many of them are still there; and for each longest side the bytes, width and height of those that
        can be prepared so.

    Raises:
        PictureError: There is a size at which none can be prepared.
        Interrupted: Stopped.
    """
    from stillroom.pictures.preparing import prepare_bytes
    from stillroom.pictures.reading import read_file

    count = 0
    sides = sorted({*SIDES, usual.longest_side}, key=lambda side: (side == 0, side))
    made: dict[int, list[tuple[int, int, int]]] = {side: [] for side in sides}
    for number, path in enumerate(paths):
        watch.slot.put(Progress("prepare samples", number, len(paths), "pictures"))
        if watch.signals.cancelled.is_set():
            raise Interrupted("Stopped before all sizes were known.", "Run the same command again.")
        with contextlib.suppress(PictureError):
            data = read_file(path).data
            count += 1
            for side, done in made.items():
                with contextlib.suppress(PictureError):
                    prepared, _, width, height = prepare_bytes(
                        data, dataclasses.replace(usual, longest_side=side)
                    )
                    done.append((len(prepared), width, height))
    if not all(made.values()):
        raise PictureError("No picture of the sample can be prepared.", "Look at: stillroom scan")
    return count, made


def remarks(rows: Sequence[SizeRow], family: Family) -> tuple[str, ...]:
    """What the figures mean: from which size on shrinking saves no tokens, or nothing at all."""
    if len({(row.pixels, row.bytes) for row in rows}) == 1:
        return (f"These pictures are no larger than {rows[0].longest_side} px: shrinking saves nothing.",)
    if family is Family.NOVA_2_LITE:
        return ("Nova 2 Lite bills 230 tokens for every picture: the size changes nothing but bytes.",)
    counts = [row.tokens.get(family.value) for row in rows]
    floor = counts[0]
    if floor is None:
        return ("How this model counts a picture's tokens is not known here; measure with stillroom ask.",)
    alike = [
        row for row, count in zip(rows, counts, strict=True) if (count or 0) * (1 - _SAVES_NOTHING) <= floor
    ]
    if len(alike) == len(rows):
        return (
            "Shrinking these pictures saves no tokens with this model family: only bytes and upload time.",
        )
    if len(alike) > 1:
        side = alike[-1].longest_side
        return (f"Below {side} px shrinking saves no more tokens with this model family: only bytes.",)
    return ()
