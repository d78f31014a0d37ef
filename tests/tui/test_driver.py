"""What is written to the terminal has arrived there before others write to it, and nobody waits in vain."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from stillroom.tui.driver import Writer


class Slow(io.StringIO):
    """A terminal that takes nothing until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = Event()
        self.said = ""

    def write(self, text: str) -> int:
        self.may.wait(10)
        return super().write(text)

    def flush(self) -> None:
        self.said = self.getvalue()


class Gone(io.StringIO):
    """A terminal that went away."""

    def write(self, text: str) -> int:
        raise OSError(5, "Input/output error")


@contextmanager
def writing(file: io.StringIO) -> Iterator[Writer]:
    writer = Writer(file)
    writer.start()
    try:
        yield writer
    finally:
        writer.stop()


def test_what_was_given_is_there_when_it_has_caught_up():
    terminal = Slow()
    with writing(terminal) as writer:
        writer.write("one ")
        writer.write("two")
        assert not writer.catch_up(0.05)
        terminal.may.set()
        assert writer.catch_up(10)
        assert terminal.said == "one two"


@pytest.mark.parametrize("pieces", [1, 40])
def test_a_terminal_that_went_away_holds_nobody_up(pieces: int):
    with writing(Gone()) as writer:
        for _ in range(pieces):
            writer.write("x")
        assert writer.catch_up(10)
