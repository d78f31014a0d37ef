"""The wheel, installed away from the checkout, has everything in it that the program reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from stillroom.pictures.scenes import draw_scenes

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[1]
SOURCE = CHECKOUT / "src" / "stillroom"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    _python("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=CHECKOUT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel and nothing else."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--no-deps", "--no-index", "--no-compile", "--quiet", "--disable-pip-version-check"]
    _python("-m", "pip", "install", *options, "--target", str(folder), str(wheel), cwd=folder)
    return folder


def _python(*words: str, cwd: Path, path: Path | None = None) -> str:
    """Run Python away from the checkout; ``path`` comes before what is installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    command = [sys.executable, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.split("/")[0].endswith(".dist-info")]
    kept = {name.removeprefix("stillroom/") for name in names}
    there = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    there |= {f"themes/{path.name}" for path in (CHECKOUT / "themes").iterdir()}
    assert there == kept
    assert {"money/prices.toml", "project/prompts/ko.toml", "report/style.css", "themes/copper.toml"} <= kept
    assert any(name.startswith("store/migrations/") for name in kept)


def test_the_installed_program_works_away_from_the_checkout(site: Path, tmp_path: Path) -> None:
    draw_scenes(tmp_path / "pictures", 12, seed=1, workers=1)
    assert _python("-c", "import stillroom; print(stillroom.__file__)", cwd=tmp_path, path=site).startswith(
        str(site)
    )
    command = str(site / "bin" / "stillroom")
    said = _python(command, "--version", cwd=tmp_path, path=site)
    assert said.startswith("stillroom ")

    new = ["new", "shop", "--images", "pictures", "--sandbox", "--language", "ko"]
    _python(command, *new, cwd=tmp_path, path=site)
    assert "키워드" in (tmp_path / "shop" / "stillroom.toml").read_text(encoding="utf-8")

    def run(verb: str) -> dict[str, object]:
        text = _python(command, verb, "--json", "--project", "shop", cwd=tmp_path, path=site)
        result: dict[str, object] = json.loads(text)
        return result

    assert run("scan")["unique"] == 12
    prices = run("cost")["prices"]
    assert isinstance(prices, list)
    assert all(price["usd"] is not None and price["source"] for price in prices)
    page = Path(str(run("report")["path"])).read_text(encoding="utf-8")
    style = (SOURCE / "report" / "style.css").read_text(encoding="utf-8")
    assert style.strip().splitlines()[0] in page


def test_the_installed_themes_are_read(site: Path, tmp_path: Path) -> None:
    asked = (
        "from stillroom.tui.themes import load_themes, shipped_folder; "
        "themes = load_themes({'XDG_CONFIG_HOME': '/nowhere'}); "
        "print(shipped_folder(), *sorted(themes.by_name), themes.notices)"
    )
    said = _python("-c", asked, cwd=tmp_path, path=site)
    assert said.strip() == f"{site / 'stillroom' / 'themes'} copper high-contrast linen terminal ()"
