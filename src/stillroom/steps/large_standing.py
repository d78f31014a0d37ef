"""Where records, upload and training stand in a project so large that its labels are not read for it.

Whether records are up to date is told by what they rested on when they were built: a few remembered numbers.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from stillroom.errors import StillroomError
from stillroom.keywords import JUDGING_VERSION
from stillroom.plural import plural
from stillroom.steps.mending import ALTERED, is_there
from stillroom.steps.orders import current_files
from stillroom.steps.preparing import prepare_key
from stillroom.steps.remembered_standing import keep
from stillroom.steps.standing_values import DONE, FAILED, RUNNING, WAITING, Standing, fact
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.trainable import is_trainable
from stillroom.steps.trained import DEAD, failed_jobs
from stillroom.steps.upload import UploadStep
from stillroom.steps.workspace import Workspace
from stillroom.store import IMPORTED
from stillroom.store.tallies import Groups
from stillroom.training.jobs import FINISHED

SOON_READ = 30_000
"""Up to so many pictures labels are read, and a comparison that is not known is made, on the spot."""
_FACT = "built_on"


def is_large(groups: Groups) -> bool:
    """Whether labels are not read on the spot to tell where a project stands."""
    return groups.total > SOON_READ


def label_grounds(workspace: Workspace, groups: Groups) -> str:
    """What records rest on, as text: equal texts, equal records."""
    store, settings = workspace.store, workspace.settings
    runs = [store.runs.id_of(spec) for spec in (target(workspace, TEACHER).spec, IMPORTED)]
    bounds = [JUDGING_VERSION, settings.prompt.keywords_min, settings.prompt.keywords_max]
    where = [
        settings.aws.bucket,
        settings.aws.prefix,
        prepare_key(settings.prepare),
        workspace.known_account(),
    ]
    pulses = [store.tallies.pulse(run) for run in runs if run is not None]
    return json.dumps([bounds, where, settings.training.sizes, pulses, groups.rows])


def made_grounds(workspace: Workspace, groups: Groups) -> object:
    """What records, upload and training rest on; equal ones, equal standings."""
    store = workspace.store
    files = store.records.files()
    stats = [_stat(workspace.root / file.path) for file in files]
    jobs = [replace(job, seen=None) for job in store.jobs.all()]
    counts = store.tallies.made(workspace.settings.aws.bucket, prepare_key(workspace.settings.prepare))
    students = store.students.all(deleted=True)
    return workspace.settings, label_grounds(workspace, groups), files, stats, jobs, students, counts


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def remember_build(workspace: Workspace) -> None:
    """Keep what the records rest on that were just built."""
    keep(workspace, _FACT, label_grounds(workspace, workspace.store.tallies.groups()))


def large_standings(workspace: Workspace, groups: Groups) -> list[Standing]:
    """Records, upload and training."""
    build, *after = _build(workspace, groups), _upload(workspace), _train(workspace)
    if build.state != WAITING:
        return [build, *after]
    # What was made of records that may be out of date may be, too.
    return [build, *(replace(one, state=WAITING) if one.state == DONE else one for one in after)]


def _build(workspace: Workspace, groups: Groups) -> Standing:
    """Records that are there, and whether anything has changed since they were built."""
    files = current_files(workspace)
    if not files:
        return Standing("build", WAITING, "no records yet")
    there = [is_there(workspace, file) for file in files]
    facts = [
        f"{file.path} ({file.records:,})" if found else f"{file.path} {ALTERED}"
        for file, found in zip(files, there, strict=True)
    ]
    if not all(there) or not any(is_trainable(file.records) for file in files):
        return Standing("build", FAILED, " · ".join(facts))
    if workspace.store.facts.get(_FACT) != label_grounds(workspace, groups):
        return Standing("build", WAITING, " · ".join(["labels may have changed since", *facts]))
    return Standing("build", DONE, " · ".join(facts))


def _upload(workspace: Workspace) -> Standing:
    """Of all records that were built."""
    files = [file for file in workspace.store.records.files() if file.size]
    sizes = tuple(file.size for file in files if is_trainable(file.records)) or tuple(f.size for f in files)
    if not sizes:
        return Standing("upload", WAITING, "no records yet")
    try:
        plan = UploadStep(sizes).reckon(workspace)
    except StillroomError as error:
        return Standing("upload", WAITING, fact(error))
    if plan.missing:
        return Standing("upload", WAITING, f"{plan.missing:,} of {plural(plan.files, 'file')} still to go")
    said = f"{plural(plan.files, 'file')}, {plan.bytes / 1e6:.1f} MB in s3://{plan.bucket}"
    return Standing("upload", DONE, said)


def _train(workspace: Workspace) -> Standing:
    """Jobs beside the sizes that have records."""
    jobs = [job for job in workspace.store.jobs.all() if job.arn]
    if not jobs:
        return Standing("train", WAITING, "no job yet")
    living = [job for job in jobs if job.status not in DEAD]
    told = sorted([*living, *failed_jobs(jobs)] or jobs[-1:], key=lambda job: (job.size, job.created))
    facts = " · ".join(f"{job.student} {job.status}" for job in told)
    if any(job.status not in FINISHED for job in living):
        return Standing("train", RUNNING, facts)
    if not living:
        return Standing("train", FAILED, facts)
    files = workspace.store.records.files()
    missing = {file.size for file in files if file.size and is_trainable(file.records)}
    missing -= {job.size for job in living}
    return Standing("train", WAITING if missing else DONE, facts)
