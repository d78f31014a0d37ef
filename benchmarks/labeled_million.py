"""The project of a million pictures with its runs made its own: the teacher's and the untuned student's.

It is a copy, made once and kept beside the other (see ``million``), about 600 MB.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from million import project

from stillroom.steps.targets import TEACHER, UNTUNED, target
from stillroom.steps.workspace import Workspace, open_workspace

SPLIT = 7
"""The training side is labeled but for each so many-th picture."""


def labeled(count: int = 1_000_000) -> Path:
    """A project of so many pictures, most of them labeled; the files themselves are not there."""
    source = project(count)
    root = source.with_name(source.name.replace("pictures", "and-labeled"))
    if not root.is_dir():
        making = Path(tempfile.mkdtemp(dir=source.parent, prefix="making-"))
        try:
            shutil.copytree(source, making, dirs_exist_ok=True)
            with open_workspace(making, exact=True) as workspace:
                _own(workspace)
            making.rename(root)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return root


def _own(workspace: Workspace) -> None:
    """Give the made runs the keys that the project's settings make; leave some pictures without an answer."""
    with workspace.store.database.writing() as connection:
        for run_id, name in ((1, TEACHER), (2, UNTUNED)):
            spec = target(workspace, name).spec
            connection.execute(
                "UPDATE runs SET key = ?, role = ?, name = ?, model = ?, base_model = ?, prompt_version = ?, "
                "prepare_key = ?, attempts = 1000, calls = 1000, input_tokens = 1000000, "
                "output_tokens = 60000, estimated_tokens = 990000, latency_ms = 900000, usd = '1.25' "
                "WHERE id = ?",
                (
                    spec.key(), spec.role, spec.name, spec.model, spec.base_model, spec.prompt_version,
                    spec.prepare_key, run_id,
                ),
            )  # fmt: skip
        connection.execute(
            "DELETE FROM states WHERE run_id = 1 AND content_id IN "
            "(SELECT id FROM contents WHERE side = 'train' AND id % ? = 0)",
            (SPLIT,),
        )
        connection.execute(
            "INSERT INTO states (run_id, content_id, state, failure, answer_id, words) "
            "SELECT 2, id, 'done', NULL, NULL, 2 FROM contents WHERE side = 'test' AND id % 3"
        )


if __name__ == "__main__":
    print(labeled())
