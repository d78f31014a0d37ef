"""Browsing: which pictures, in which order, what a screen shows of a block of them, and of one."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from stillroom.pictures.tokens import Family, family_of, picture_tokens
from stillroom.steps.asking import ENOUGH_MEASURED, USUAL_OUTPUT, prompt_tokens, token_prices
from stillroom.steps.filter_words import complete
from stillroom.steps.preparing import fitted, prepare_key
from stillroom.steps.present import present_specs, present_views
from stillroom.steps.quoting import picture_word
from stillroom.steps.targets import TEACHER, UNTUNED, target
from stillroom.steps.workspace import Workspace
from stillroom.store import PictureRow
from stillroom.store.filters import COLUMNS, Column, Filter, Sort, parse, parse_sort
from stillroom.store.one_picture import OnePicture, Said
from stillroom.store.views import FACETS

_PIECE = 50_000


@dataclass(frozen=True, slots=True)
class Sent:
    """What a model gets to see of a picture."""

    width: int
    """Pixels after preparing."""
    height: int
    bytes: int | None
    """None: see ``why``."""
    format: str
    """Empty until it is prepared."""
    why: str
    """Why the bytes are not known, or what had to be done to respect a limit; may be empty."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What asking one model about a picture once takes."""

    name: str
    """``teacher`` or ``untuned``."""
    model: str
    input_tokens: int | None
    """Prompt and picture: estimated, and after some answers corrected by them; None: see ``why``."""
    output_tokens: float
    """Usual length of an answer."""
    usd: Decimal | None
    """None: see ``why``."""
    unverified: bool
    """The price was never confirmed."""
    why: str
    """Why tokens or price are not known; empty when both are."""
    paid: bool = False
    """It has answered: tokens and price are those of its answer."""


@dataclass(frozen=True, slots=True)
class PictureDetail:
    """All that the screens show of one picture."""

    row: PictureRow
    copies: tuple[str, ...]
    """Paths of the other files with the same content."""
    sent: Sent | None
    """None: see ``never_sent``."""
    never_sent: str
    """Why no model ever sees it: it is flagged, or could not be prepared; empty otherwise."""
    costs: tuple[Cost, ...]
    """The teacher's, then the untuned student's; empty when it is never sent."""
    said: tuple[Said, ...]
    """One for each run, teacher first. Of others those that have nothing on it are left out."""


class Browser:
    """Big lists of an open project. Every call blocks and may be made in any thread but a screen's."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._one = OnePicture(workspace.store.database)

    @staticmethod
    def columns() -> tuple[Column, ...]:
        """What can be filtered and sorted by."""
        return COLUMNS

    @staticmethod
    def parse(text: str) -> Filter:
        """Read a filter; cheap, so a screen may call it.

        Raises:
            FilterError: With the position of the character that is wrong.
        """
        return parse(text)

    @staticmethod
    def parse_sort(text: str) -> Sort | None:
        """Read an order; empty: as pictures were found.

        Raises:
            FilterError: There is no such column.
        """
        return parse_sort(text) if text else None

    @staticmethod
    def complete(text: str, cursor: int) -> list[str]:
        """What the term before the cursor may become; see :func:`stillroom.steps.filter_words.complete`."""
        return complete(text, cursor)

    def select(self, filter_text: str = "", sort_text: str = "") -> array[int]:
        """The pictures that a filter leaves, in order.

        Args:
            filter_text: Empty: all of them.
            sort_text: A column, with ``-`` before it for the greatest first; empty: as they were found.

        Returns:
            ``array('q')`` of ids, eight bytes a picture.

        Raises:
            FilterError: The filter or the order is wrong.
            StoreError: The store cannot be read.
        """
        return present_views(self._workspace).select(parse(filter_text), self.parse_sort(sort_text))

    @staticmethod
    def place_of(id: int, ids: array[int]) -> int | None:
        """Where a picture stands in a list; None: nowhere.

        In pieces, because a search through all of a million would hold up every other thread.
        """
        for start in range(0, len(ids), _PIECE):
            try:
                return start + ids[start : start + _PIECE].index(id)
            except ValueError:
                continue
        return None

    def count(self) -> int:
        """How many pictures there are, flagged ones included."""
        return self._workspace.store.views.count()

    def rows(self, ids: Iterable[int]) -> list[PictureRow]:
        """What is shown of some pictures, in their order; those that are gone by now are left out."""
        return present_views(self._workspace).rows(ids)

    def names(self, ids: Iterable[int]) -> tuple[tuple[str, ...], int]:
        """Words that stand for pictures in a command.

        Returns:
            The words, by path and without repetition; and how many are flagged or gone and left out.
        """
        wanted = list(ids)
        paths = sorted(row.path for row in self.rows(wanted) if row.flag is None)
        return tuple(picture_word(path) for path in paths), len(wanted) - len(paths)

    def id_of(self, path: str) -> int | None:
        """The picture with a path; None when there is none."""
        return self._one.id_of(path)

    def facets(self, filter_text: str = "") -> dict[str, dict[str, int]]:
        """Values of a few columns among the pictures that a filter leaves, with their counts.

        Raises:
            FilterError: The filter is wrong.
        """
        return present_views(self._workspace).facets(parse(filter_text))

    def detail(self, content: str) -> PictureDetail | None:
        """One content, by its first file; None when no usable file has it any more."""
        files = self._one.files(content)
        rows = self.rows([files[0][0]]) if files else []
        return self._detail(rows[0]) if rows else None

    def detail_of(self, id: int) -> PictureDetail | None:
        """One file, flagged or not, by its id; None when it is gone."""
        rows = self.rows([id])
        return self._detail(rows[0]) if rows else None

    def _detail(self, row: PictureRow) -> PictureDetail:
        if row.content is None or row.flag is not None:
            return PictureDetail(row, (), None, row.reason, (), ())
        sent, never_sent = self._sent(row, row.content)
        said = self._one.said(row.content, present_specs(self._workspace))
        return PictureDetail(
            row=row,
            copies=tuple(path for id, path in self._one.files(row.content) if id != row.id),
            sent=sent,
            never_sent=never_sent,
            costs=tuple(self._cost(name, sent, said) for name in (TEACHER, UNTUNED)) if sent else (),
            said=tuple(one for one in said if one.state is not None or one.name == TEACHER),
        )

    def _sent(self, row: PictureRow, content: str) -> tuple[Sent | None, str]:
        settings = self._workspace.settings.prepare
        known = self._one.prepared(prepare_key(settings), content)
        if known is None:
            width, height = fitted(row.width, row.height, settings)
            return Sent(width, height, None, "", "not prepared yet: it is when it is first asked about"), ""
        if known.flag is not None:
            return None, known.reason
        return Sent(known.width, known.height, known.size, known.format, known.remark), ""

    def _cost(self, name: str, sent: Sent, said: Iterable[Said]) -> Cost:
        wanted = target(self._workspace, name)
        spec = wanted.spec
        family = family_of(spec.base_model)
        pictured = picture_tokens(family, sent.width, sent.height)
        tokens = None if pictured is None else prompt_tokens(spec) + pictured
        measured = self._workspace.store.spending.measured(spec.model, spec.prepare_key, spec.prompt_version)
        if measured is not None and measured.calls < ENOUGH_MEASURED:
            measured = None  # as the plan of a labeling run has it
        if tokens is not None and measured is not None:
            tokens = round(tokens * measured.input_tokens / (measured.estimated_input_tokens or tokens))
        answer = measured.output_tokens if measured else min(USUAL_OUTPUT, float(spec.inference.max_tokens))
        prices = token_prices(self._workspace, spec)
        unverified = prices.input.unverified or prices.output.unverified
        for one in said:
            if one.name == name and one.state == "done" and one.input_tokens and one.usd is not None:
                took = one.input_tokens, float(one.output_tokens or 0)
                return Cost(name, spec.model, *took, one.usd, unverified, "", paid=True)
        usd = None if tokens is None else prices.of(tokens, answer)
        why = ""
        if family is Family.TEXT_ONLY:
            why = "this model takes no pictures"
        elif tokens is None:
            why = "how this model counts pictures is not known"
        elif usd is None:
            why = "no price is known: add one in [prices] of stillroom.toml"
        return Cost(name, spec.model, tokens, answer, usd, unverified, why)


__all__ = ["FACETS", "Browser", "Cost", "PictureDetail", "Said", "Sent"]
