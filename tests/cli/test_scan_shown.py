"""What ``scan`` says of a folder that it looks at for the first time, and later."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import Box, draw, gallery, make, stillroom


def test_what_is_new_is_said_from_the_second_scan_on(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 4, 1)
    root = make(tmp_path / "p", folder, box)
    scan = ("scan", "-q", "--project", root)
    assert "since last time" not in stillroom(*scan).ok().out
    draw(folder / "more.jpg", 77)
    assert "since last time: 1 new, 0 changed, 0 gone\n" in stillroom(*scan).ok().out
    for path in folder.iterdir():
        path.unlink()
    draw(folder / "other.jpg", 78)
    assert "since last time: 1 new, 0 changed, 6 gone\n" in stillroom(*scan).ok().out
