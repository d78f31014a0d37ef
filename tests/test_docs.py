"""The documents keep their word: every command's JSON, and every rule of training records."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.json_shapes import Section, disagreements, read_sections, shape_of
from tests.rules_page import rules_page
from tests.workbench_page import workbench_page

from stillroom.cli.app import VERBS, stillroom
from stillroom.cli.options import Common
from stillroom.pictures.scenes import draw_scenes
from stillroom.steps.ask import AskPlan, AskResult
from stillroom.steps.build import BuildResult
from stillroom.steps.comparing import CompareResult
from stillroom.steps.costs import CostResult
from stillroom.steps.demo import DemoResult, ready
from stillroom.steps.exchange import ExportResult, ImportResult
from stillroom.steps.jobs import JobsResult, StopPlan, StopResult
from stillroom.steps.labeled import LabelResult
from stillroom.steps.labeling import LabelPlan
from stillroom.steps.new import NewResult
from stillroom.steps.pipeline import RunOutcome, RunPlan
from stillroom.steps.reporting import ReportResult
from stillroom.steps.scan import ScanResult
from stillroom.steps.selecting import SelectPlan, SelectResult
from stillroom.steps.setup import SetupPlan, SetupResult
from stillroom.steps.sizing import SizesResult
from stillroom.steps.standing_values import StatusResult
from stillroom.steps.students import DeleteResult, DeployResult, StudentsPlan, UndeployPlan, UndeployResult
from stillroom.steps.training import TrainPlan, TrainResult
from stillroom.steps.upload import UploadOutcome, UploadPlan
from stillroom.steps.validating import ValidateResult

DOCS = Path(__file__).parents[1] / "docs"

RESULTS: dict[str, type] = {
    "stillroom demo": DemoResult,
    "stillroom new": NewResult,
    "stillroom setup": SetupResult,
    "stillroom scan": ScanResult,
    "stillroom sizes": SizesResult,
    "stillroom exclude": SelectResult,
    "stillroom include": SelectResult,
    "stillroom ask": AskResult,
    "stillroom label": LabelResult,
    "stillroom retry": LabelResult,
    "stillroom export --output": ExportResult,
    "stillroom import": ImportResult,
    "stillroom build": BuildResult,
    "stillroom validate": ValidateResult,
    "stillroom upload": UploadOutcome,
    "stillroom train": TrainResult,
    "stillroom jobs": JobsResult,
    "stillroom stop": StopResult,
    "stillroom deploy": DeployResult,
    "stillroom undeploy": UndeployResult,
    "stillroom delete": DeleteResult,
    "stillroom compare": CompareResult,
    "stillroom run": RunOutcome,
    "stillroom status": StatusResult,
    "stillroom cost": CostResult,
    "stillroom report": ReportResult,
}
"""The outputs that are a result of a step; the others are put together by their verb."""

PLANS: dict[str, type] = {
    "stillroom setup": SetupPlan,
    "stillroom exclude": SelectPlan,
    "stillroom include": SelectPlan,
    "stillroom ask": AskPlan,
    "stillroom label": LabelPlan,
    "stillroom retry": LabelPlan,
    "stillroom upload": UploadPlan,
    "stillroom train": TrainPlan,
    "stillroom stop": StopPlan,
    "stillroom deploy": StudentsPlan,
    "stillroom undeploy": UndeployPlan,
    "stillroom delete": StudentsPlan,
    "stillroom run": RunPlan,
}
"""The plans that ``--dry-run`` shows."""


@pytest.fixture(scope="module")
def sections() -> dict[str, Section]:
    """The document, read."""
    return read_sections((DOCS / "json.md").read_text(encoding="utf-8"))


def _without_plan(section: Section) -> dict[str, str]:
    return {path: word for path, word in section.shape.items() if not path.startswith("plan.")}


def _plan_of(sections: dict[str, Section], title: str) -> dict[str, str]:
    """What a verb's ``--dry-run`` shows: the keys of every plan, and those of its own."""
    own = {path: word for path, word in sections[title].shape.items() if path.startswith("plan.")}
    return sections["plan"].shape | own


def test_every_verb_has_a_section(sections: dict[str, Section]) -> None:
    verbs = {name for group in VERBS.values() for name, _ in group}
    titled = {title.split()[1] for title in sections if title.startswith("stillroom ")}
    assert titled == verbs


@pytest.mark.parametrize("title", RESULTS)
def test_a_result_is_documented_key_by_key(sections: dict[str, Section], title: str) -> None:
    assert _without_plan(sections[title]) == shape_of(RESULTS[title])


@pytest.mark.parametrize("title", PLANS)
def test_a_plan_is_documented_key_by_key(sections: dict[str, Section], title: str) -> None:
    assert _plan_of(sections, title) == {"plan": "object"} | shape_of(PLANS[title], "plan.")


def test_every_dry_run_has_its_plan_here() -> None:
    import importlib

    names = [name for group in VERBS.values() for name, _ in group]
    commands = [importlib.import_module(f"stillroom.cli.verbs.{name}_").command for name in names]
    offering = {f"stillroom {c.name}" for c in commands if any(p.name == "dry_run" for p in c.params)}
    assert offering == PLANS.keys()


def test_examples_are_true_to_the_tables(sections: dict[str, Section]) -> None:
    for title, section in sections.items():
        if section.shape:
            assert section.examples, f"{title} has no example"
        for example in section.examples:
            example.pop("sandbox", None)
            assert disagreements(example, section.shape, trimmed=True) == [], title


class Shop:
    """A small project on a sandbox of its own, and the command line at work on it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "shop"
        self.sandbox = self.root / ".stillroom" / "sandbox"
        self.said: list[tuple[str, dict[str, Any]]] = []

    def run(self, title: str, *arguments: str) -> dict[str, Any]:
        """Run one command in this process; keep what it wrote under the title of its section."""
        out = io.StringIO()
        words = [*arguments, "--project", str(self.root), "--json", "--yes"]
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            stillroom.main(words, standalone_mode=False, obj=Common())
        said: dict[str, Any] = json.loads(out.getvalue())
        self.said.append((title, said))
        return said

    def hold_throughput(self, model: str) -> None:
        """Buy provisioned throughput behind the project's back, so that something bills by the hour."""
        client = boto3.client(
            "bedrock",
            endpoint_url=f"http://127.0.0.1:{self._lock()['port']}",
            region_name="us-east-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",
        )
        client.create_provisioned_model_throughput(modelUnits=1, provisionedModelName="held", modelId=model)
        client.close()

    def close(self) -> None:
        """End the sandbox, a child of this process, and wait for its end."""
        pid = self._lock()["pid"]
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)

    def _lock(self) -> dict[str, int]:
        lock: dict[str, int] = json.loads((self.sandbox / "sandbox.lock").read_text(encoding="utf-8"))
        return lock


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A project through which every command has gone, from its making to the end of its student."""
    folder = tmp_path_factory.mktemp("docs")
    pictures = folder / "pictures"
    draw_scenes(pictures, 24, seed=3, workers=1)
    (pictures / "copy.jpg").write_bytes((pictures / "scene-0000.jpg").read_bytes())
    (pictures / "empty.jpg").touch()
    (folder / "bad.jsonl").write_text("{}\n")
    made = Shop(folder)
    made.run("stillroom new", "new", str(folder / "bare"), "--images", str(pictures), "--sandbox")
    assert ready(made.root, pictures, ())  # a demo: so the demo's own verb can end it
    made.sandbox.mkdir(parents=True)
    (made.sandbox / "sandbox.toml").write_text("speed = 20000\nprovisioned_units = 1\n")
    try:
        _up_to_the_records(made, folder)
        _up_to_the_end(made)
        yield made
    finally:
        made.close()


def _up_to_the_records(shop: Shop, folder: Path) -> None:
    asked = ("ask", "scene-0001.jpg", "--model", "teacher", "--model", "untuned")
    labels = str(folder / "labels.jsonl")
    for title, *words in (
        ("stillroom scan", "scan"),
        ("plan of stillroom setup", "setup", "--dry-run"),
        ("stillroom setup --print", "setup", "--print"),
        ("stillroom setup", "setup"),
        ("stillroom doctor", "doctor"),
        ("stillroom sizes", "sizes", "--sample", "2"),
        ("plan of stillroom ask", *asked, "--dry-run"),
        ("stillroom ask", *asked),
        ("stillroom status", "status"),
        ("stillroom cost", "cost"),
        ("plan of stillroom run", "run", "--dry-run"),
        ("plan of stillroom label", "label", "teacher", "--dry-run"),
        ("stillroom label", "label", "teacher"),
        ("plan of stillroom retry", "retry", "teacher", "--dry-run"),
        ("stillroom retry", "retry", "teacher"),
        ("plan of stillroom exclude", "exclude", "scene-0003.jpg", "--dry-run"),
        ("stillroom exclude", "exclude", "scene-0003.jpg"),
        ("plan of stillroom include", "include", "scene-0003.jpg", "--dry-run"),
        ("stillroom include", "include", "scene-0003.jpg"),
        ("stillroom export", "export", "labels"),
        ("stillroom export --output", "export", "labels", "--output", labels),
        ("stillroom import", "import", "labels", labels),
        ("stillroom build", "build"),
        ("stillroom validate", "validate"),
        ("stillroom validate", "validate", str(folder / "bad.jsonl")),
        ("plan of stillroom upload", "upload", "--dry-run"),
        ("stillroom upload", "upload"),
    ):
        shop.run(title, *words)


def _up_to_the_end(shop: Shop) -> None:
    shop.run("plan of stillroom train", "train", "--dry-run")
    student = shop.run("stillroom train", "train")["jobs"][0]["student"]
    shop.run("plan of stillroom stop", "stop", student, "--dry-run")
    trained = shop.run("stillroom jobs", "jobs", "--watch")["students"][0]
    shop.hold_throughput(trained["model_arn"])
    for title, *words in (
        ("stillroom stop", "stop", student),
        ("plan of stillroom deploy", "deploy", "--dry-run"),
        ("stillroom deploy", "deploy"),
        ("stillroom label", "label", student),
        ("stillroom label", "label", "untuned"),
        ("stillroom jobs", "jobs"),
        ("stillroom compare", "compare"),
        ("stillroom status", "status"),
        ("stillroom cost", "cost"),
        ("stillroom report", "report"),
        ("plan of stillroom undeploy", "undeploy", "held", "--dry-run"),
        ("stillroom undeploy", "undeploy", "held"),
        ("stillroom undeploy", "undeploy", student),
        ("stillroom run", "run", "--until", "label"),
        ("stillroom run", "run"),
        ("stillroom demo", "demo", "--headless"),
        ("plan of stillroom delete", "delete", student, "--dry-run"),
        ("stillroom delete", "delete", student),
        ("stillroom completion", "completion", "zsh"),
    ):
        shop.run(title, *words)


def test_what_commands_write_is_what_is_documented(shop: Shop, sections: dict[str, Section]) -> None:
    wrong = []
    for title, said in shop.said:
        of_project = {name: value for name, value in said.items() if name != "sandbox"}
        planned = title.startswith("plan of ")
        verb = title.removeprefix("plan of ")
        shape = _plan_of(sections, verb) if planned else _without_plan(sections[verb])
        wrong += [f"{title}: {sentence}" for sentence in disagreements(of_project, shape)]
        if said.get("sandbox") is not (None if verb == "stillroom completion" else True):
            wrong.append(f"{title}: sandbox is {said.get('sandbox')!r}")
    assert wrong == []


def test_every_documented_output_was_seen(shop: Shop, sections: dict[str, Section]) -> None:
    seen = {title for title, _ in shop.said}
    documented = {title for title, section in sections.items() if section.shape} - {"errors", "plan"}
    assert documented | {f"plan of {title}" for title in PLANS} == seen


def test_rare_parts_were_seen_too(shop: Shop) -> None:
    """Without these the comparison above would pass over lists that happen to be empty."""
    for title, *path in (
        ("stillroom scan", "flagged_files"),
        ("stillroom ask", "pairs"),
        ("stillroom validate", "files", "findings"),
        ("stillroom jobs", "hourly"),
        ("stillroom status", "hourly"),
        ("stillroom cost", "left"),
        ("stillroom cost", "spent"),
        ("plan of stillroom setup", "plan", "documents"),
    ):
        found: list[Any] = [said for of, said in shop.said if of == title]
        for name in path:
            parts = [one[name] for one in found]
            found = [one for part in parts for one in (part if isinstance(part, list) else [part])]
        assert found, (title, path)


def test_the_demo_says_what_the_agreement_says(shop: Shop) -> None:
    (said,) = [said for title, said in shop.said if title == "stillroom demo"]
    assert list(said) == ["sandbox", "pictures", "runs", "cost", "report"]
    keys = ["name", "model", "training_size", "pictures", "jaccard", "precision", "recall", "f1"]
    assert [list(run) for run in said["runs"]] == [keys, keys]
    assert list(said["runs"][0]["jaccard"]) == ["mean", "low", "high", "p10", "p50", "p90"]
    assert list(said["cost"]) == ["estimate", "actual", "lines"]


def test_an_error_is_documented(sections: dict[str, Section], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "stillroom", "--json", "scan", "--project", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    said = json.loads(done.stdout)
    assert disagreements(said, sections["errors"].shape) == []
    assert said["error"]["exit_code"] == 2


def test_every_rule_is_listed() -> None:
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == rules_page(), (
        "write it anew: python -m tests.rules_page > docs/rules.md"
    )


def test_every_key_of_the_workbench_and_every_column_of_a_filter_is_listed() -> None:
    assert (DOCS / "workbench.md").read_text(encoding="utf-8") == workbench_page(), (
        "write it anew: python -m tests.workbench_page"
    )
