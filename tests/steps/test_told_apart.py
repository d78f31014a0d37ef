"""Students of one training size are told apart by what they were trained with."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import put, stillroom


def test_students_that_differ_in_epochs_say_so(distilled: Path, tmp_path: Path) -> None:
    at = ("--project", distilled)
    assert "Trained otherwise" not in stillroom("compare", *at).ok().out
    put(distilled, "training", "sizes", [10])
    put(distilled, "training", "epochs", 3)
    put(distilled, "training", "learning_rate", 0.00002)
    stillroom("run", "-yq", *at).ok()
    (remark,) = stillroom("compare", "--json", *at).ok().json["remarks"]
    first, second = remark.removeprefix("Trained otherwise: ").removesuffix(".").split("; ")
    assert (first, second) == (
        "lite-10 2 epochs, learning rate 0.00001",
        "lite-10-2 3 epochs, learning rate 0.00002",
    )
    stillroom("report", "-o", tmp_path / "page.html", *at).ok()
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    for one in (first, second):
        assert f"<small>10 pictures, <bdi>{one.partition(' ')[2]}</bdi></small>" in page
    assert "1e-05" not in page
    assert "2e-05" not in page
