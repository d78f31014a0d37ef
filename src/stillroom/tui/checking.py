"""Runs the checks of a new project's answers beside the typing, and drops what comes too late."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from stillroom.background import Handle, Runner
from stillroom.steps.checking_new import CHECKS, Answers, Finding, run_check

_PATIENCE = 0.4
"""Seconds without another key before AWS is asked."""
_MOST_AT_ONCE = 3
"""Calls of one check under way at once: those that hang must not keep later ones from being made."""


@dataclass
class _Row:
    """One check: for which answers it was last wanted, and what is under way."""

    key: tuple[object, ...] | None = None
    answers: Answers = field(default_factory=Answers)
    due: float | None = None
    """When it is to begin; None: it has, or nothing is wanted."""
    finding: Finding | None = None
    """None: not known yet."""
    count: int = 0
    under_way: list[tuple[tuple[object, ...], Handle[Finding]]] = field(default_factory=list)


class Checking:
    """Holds the newest finding of each check. :meth:`want` after each key, :meth:`tick` now and then."""

    def __init__(
        self,
        runner: Runner,
        *,
        run: Callable[[str, Answers, Callable[[int], bool]], Finding] = run_check,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with nothing known.

        Args:
            runner: Gives the threads. They are daemons: a call that hangs keeps nobody from leaving.
            run: Runs one check.
            now: Seconds on any clock that only goes forward.
        """
        self._runner = runner
        self._run = run
        self._now = now
        self._rows = {name: _Row() for name in CHECKS}
        self._told: list[tuple[Finding | None, int]] = []
        """What the latest tick has told of; threads count on between two of them."""

    @property
    def findings(self) -> dict[str, Finding | None]:
        """By the name of the check; None where it is being found out."""
        return {name: row.finding for name, row in self._rows.items()}

    def count(self, name: str) -> int:
        """How far a check that counts has come."""
        return self._rows[name].count

    def want(self, answers: Answers) -> None:
        """Check these (filled) answers; what still holds for them is not asked again."""
        for name, row in self._rows.items():
            key = CHECKS[name].key(answers)
            if key != row.key:
                patience = _PATIENCE if CHECKS[name].asks_aws and not answers.sandbox else 0.0
                row.key, row.answers, row.due = key, answers, self._now() + patience
                row.finding, row.count = None, 0

    def forget(self) -> None:
        """Ask everything anew the next time it is wanted."""
        for row in self._rows.values():
            row.key = None

    def tick(self) -> bool:
        """Begin what is due and take in what has ended; True when something is to be shown anew."""
        for name, row in self._rows.items():
            for each in [each for each in row.under_way if not each[1].running]:
                row.under_way.remove(each)
                finding = each[1].result()
                if each[0] == row.key:
                    row.finding = finding
            if row.due is not None and self._now() >= row.due and len(row.under_way) < _MOST_AT_ONCE:
                row.due = None
                self._begin(name, row)
        before, self._told = self._told, [(row.finding, row.count) for row in self._rows.values()]
        return before != self._told

    def _begin(self, name: str, row: _Row) -> None:
        key, answers = row.key, row.answers

        def told(count: int) -> bool:
            if row.key != key:
                return False
            row.count = count
            return True

        if key is not None:
            handle = self._runner.start(f"check {name}", lambda slot, signals: self._run(name, answers, told))
            row.under_way.append((key, handle))
