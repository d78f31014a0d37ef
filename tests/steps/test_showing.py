"""The shelf of thumbnails: order and bounds, with a decoder that waits until it is told to go on."""

import queue
import threading
from pathlib import Path

import pytest
from PIL import Image

from stillroom.pictures import Flag, PictureFlagged
from stillroom.pictures.thumbnails import Box, Thumbnail
from stillroom.steps.showing import MOST_WISHES, NotShown, Shelf

BOX = Box(4, 4)
SECONDS = 20
"""How long a test waits for a thread before it fails."""


class Darkroom:
    """Develops one picture for each permission, and tells the order."""

    def __init__(self, size: int = 48) -> None:
        self.size = size
        self.begun: queue.Queue[str] = queue.Queue()
        self.permits = threading.Semaphore(0)
        self.announced: queue.Queue[str] = queue.Queue()

    def develop(self, path: Path, box: Box) -> Thumbnail:
        self.begun.put(path.name)
        assert self.permits.acquire(timeout=SECONDS)
        if path.name.startswith("bad"):
            raise PictureFlagged(Flag.UNREADABLE, "a bad one")
        return Thumbnail(box.width, box.height, bytes(self.size))

    def shelf(self, **options: int) -> Shelf:
        return Shelf(
            Path,
            announce=lambda key, box: self.announced.put(key),
            develop=self.develop,
            threads=1,
            **options,
        )

    def next(self) -> str:
        """What is begun next, once it has been allowed to end."""
        name = self.begun.get(timeout=SECONDS)
        self.permits.release()
        return name

    def told(self) -> str:
        return self.announced.get(timeout=SECONDS)

    def make(self, shelf: Shelf, *keys: str) -> None:
        for key in keys:
            assert shelf.want(key, BOX) is None
            assert self.next() == key
            assert self.told() == key


@pytest.fixture
def dark() -> Darkroom:
    return Darkroom()


def test_a_wish_is_answered_at_once_and_met_later(dark: Darkroom) -> None:
    shelf = dark.shelf()
    dark.make(shelf, "a")
    assert isinstance(shelf.want("a", BOX), Thumbnail)
    assert shelf.want("a", Box(5, 5)) is None  # another box is another thumbnail
    dark.next()
    shelf.close()


def test_the_newest_wish_comes_first_and_all_wishes_before_neighbours(dark: Darkroom) -> None:
    shelf = dark.shelf()
    shelf.want("first", BOX)
    assert dark.begun.get(timeout=SECONDS) == "first"  # the one thread is taken now
    shelf.ahead(["outdated"], BOX)
    shelf.ahead(["next", "previous", "next"], BOX)
    for key in ("old", "older than it was", "newest", "old"):
        shelf.want(key, BOX)
    dark.permits.release()
    order = [dark.next() for _ in range(5)]
    assert order == ["old", "newest", "older than it was", "next", "previous"]
    shelf.close()
    assert dark.begun.empty()


def test_a_neighbour_that_is_here_already_is_announced_to_whoever_asks_for_it(dark: Darkroom) -> None:
    shelf = dark.shelf()
    dark.make(shelf, "a", "b")
    shelf.ahead(["a", "b"], BOX, tell=["b"])
    assert dark.told() == "b"
    shelf.close()
    assert dark.begun.empty()  # nothing was decoded again
    assert dark.announced.empty()


def test_of_many_wishes_only_the_newest_wait(dark: Darkroom) -> None:
    shelf = dark.shelf()
    shelf.want("first", BOX)
    assert dark.begun.get(timeout=SECONDS) == "first"
    for number in range(100):
        shelf.want(str(number), BOX)
    dark.permits.release()
    order = [dark.next() for _ in range(MOST_WISHES)]
    assert order == [str(number) for number in range(99, 99 - MOST_WISHES, -1)]
    shelf.close()
    assert dark.begun.empty()


def test_memory_is_bounded_and_the_least_used_goes(dark: Darkroom) -> None:
    dark.size = 10_000
    shelf = dark.shelf(most_bytes=35_000)
    dark.make(shelf, "a", "b", "c")
    assert shelf.want("a", BOX) is not None
    dark.make(shelf, "d")
    assert shelf.bytes <= 35_000
    assert shelf.want("a", BOX) is not None
    assert shelf.want("b", BOX) is None
    dark.next()
    shelf.close()


def test_one_that_is_larger_than_the_bound_is_kept_alone(dark: Darkroom) -> None:
    dark.size = 50_000
    shelf = dark.shelf(most_bytes=1_000)
    dark.make(shelf, "a", "b")
    assert shelf.want("b", BOX) is not None
    assert shelf.bytes < 60_000
    shelf.close()


def test_failure_is_a_value(dark: Darkroom) -> None:
    shelf = dark.shelf()
    dark.make(shelf, "bad")
    assert shelf.want("bad", BOX) == NotShown("a bad one")
    shelf.close()


def test_a_fault_that_nobody_foresaw_leaves_nobody_waiting() -> None:
    announced: queue.Queue[str] = queue.Queue()

    def develop(path: Path, box: Box) -> Thumbnail:
        raise ZeroDivisionError

    shelf = Shelf(Path, announce=lambda key, box: announced.put(key), develop=develop)
    assert shelf.want("a", BOX) is None
    assert announced.get(timeout=SECONDS) == "a"
    assert isinstance(shelf.want("a", BOX), NotShown)
    shelf.close()


def test_closing_waits_and_announces_nothing_more(dark: Darkroom) -> None:
    shelf = dark.shelf()
    for key in ("a", "b"):
        shelf.want(key, BOX)
    dark.permits.release(2)
    shelf.close()
    begun, announced = dark.begun.qsize(), dark.announced.qsize()
    assert shelf.want("c", BOX) is None
    shelf.ahead(["d"], BOX)
    assert (dark.begun.qsize(), dark.announced.qsize()) == (begun, announced)


def test_a_file_that_changed_is_drawn_again_when_in_doubt(tmp_path: Path) -> None:
    announced: queue.Queue[str] = queue.Queue()
    shelf = Shelf(lambda key: tmp_path / key, announce=lambda key, box: announced.put(key))

    def settled() -> object:
        shown = shelf.want("a.png", BOX)
        assert announced.get(timeout=SECONDS) == "a.png"
        return shelf.want("a.png", BOX) or shown

    assert isinstance(settled(), NotShown)
    Image.new("RGB", (9, 9), "red").save(tmp_path / "a.png")
    assert isinstance(shelf.want("a.png", BOX), NotShown)  # nobody has reason to doubt it
    shelf.doubt()
    assert settled() == Thumbnail(4, 4, b"\xff\x00\x00" * 16)
    Image.new("RGB", (19, 19), "blue").save(tmp_path / "a.png")
    shelf.doubt()
    assert settled() == Thumbnail(4, 4, b"\x00\x00\xff" * 16)
    shelf.doubt()
    assert shelf.want("a.png", BOX) == Thumbnail(4, 4, b"\x00\x00\xff" * 16)  # at once, compared meanwhile
    shelf.close()
