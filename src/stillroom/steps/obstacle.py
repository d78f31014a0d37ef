"""What stands in the way of a step, and the command that leads on from there."""

from __future__ import annotations

from dataclasses import dataclass

from stillroom.errors import UsageError


class Blocked(UsageError):
    """A step cannot be taken before something else is done.

    Attributes:
        command: The first command to go on with.
    """

    def __init__(self, what: str, todo: str, *, command: str) -> None:
        super().__init__(what, todo)
        self.command = command


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a step cannot be taken, however often it is tried."""

    what: str
    """A sentence."""
    how: str
    """The words that lead up to the command, such as ``Run``."""
    command: str
    """The first one to go on with."""
    failed: bool = False
    """Whether the teacher has given up some pictures."""

    @property
    def todo(self) -> str:
        """What to do, with the command."""
        return f"{self.how}: {self.command}"

    def error(self) -> Blocked:
        """The same as an error."""
        return Blocked(self.what, self.todo, command=self.command)
