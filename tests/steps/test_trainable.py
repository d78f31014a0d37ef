"""Which pictures can be trained on, now and once the teacher has labeled."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from tests.steps.world import stillroom

from stillroom.pictures import Side
from stillroom.steps.orders import examples, in_order
from stillroom.steps.trainable import contents_to_train_on
from stillroom.steps.workspace import open_workspace


class Joined(set[str]):
    """Counts how often it is put together with another set."""

    times = 0

    def __ror__(self, other: Set[str]) -> set[str]:  # type: ignore[override]
        self.times += 1
        return set(other) | set(self)


def test_what_is_to_be_labeled_comes_in_the_order_of_training_beside_what_is(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--split", "train", "--limit", "5", "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        order = [row.content for row in in_order(workspace, Side.TRAIN)]
        labeled = [one.row.content for one in examples(workspace, Side.TRAIN)]
        assert labeled == order[:5]
        assert contents_to_train_on(workspace, frozenset()) == order[:5]
        assert contents_to_train_on(workspace, {order[9], order[7]}) == [*order[:5], order[7], order[9]]


def test_the_time_it_takes_grows_with_the_pictures_and_not_with_their_square(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        every = Joined(row.content for row in in_order(workspace, Side.TRAIN))
        assert len(contents_to_train_on(workspace, every)) == len(every) > 1
        assert every.times == 1
