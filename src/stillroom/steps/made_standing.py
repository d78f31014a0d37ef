"""Where records, upload and training stand: what was made of the labels, beside what they make now.

The labels are read for it; for a project that is too large for that, see ``large_standing``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stillroom.errors import StillroomError
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.steps.mending import ALTERED, flaws
from stillroom.steps.orders import Ordered, ordered, present_files
from stillroom.steps.standing_values import DONE, FAILED, RUNNING, WAITING, Standing, fact
from stillroom.steps.tallying import tally
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.trainable import TAKEN, is_trainable, next_step, nothing_labeled
from stillroom.steps.trained import (
    DEAD,
    deleted_jobs,
    failed_jobs,
    outdated,
    trained_sizes,
)
from stillroom.steps.trained_anew import student_name
from stillroom.steps.training import Train
from stillroom.steps.upload import UploadStep
from stillroom.steps.workspace import Workspace
from stillroom.store import IMPORTED, JobRow
from stillroom.training.jobs import FINISHED


def made_standings(workspace: Workspace) -> list[Standing]:
    """Records, upload and training."""
    made = ordered(workspace)
    early, wrong = _too_early(workspace, made), _untrainable(made)
    amiss = {} if early or wrong else {flaw.path: flaw.what for flaw in flaws(workspace)}
    return [
        _build(workspace, amiss, early, wrong),
        _upload(workspace, amiss, early or wrong),
        _train(workspace, made, early or wrong),
    ]


def _too_early(workspace: Workspace, made: Ordered) -> str:
    """Why the present labels make nothing yet, in words; empty where they do.

    Labels that are too few for every training size would make one of all labeled pictures. That is meant for
    the pictures that there are, and for answers that failed; nobody asks for it while labeling goes on.
    """
    if not made.orders:
        return fact(nothing_labeled(workspace))
    labeled, least = len(made.training), min(workspace.settings.training.sizes, default=0)
    if labeled >= least:
        return ""
    store, wanted = workspace.store, target(workspace, TEACHER)
    left = store.tallies.tally(
        store.tallies.groups(),
        store.runs.id_of(wanted.spec),
        (Side.TRAIN,),
        wanted.spec.prepare_key,
        also=store.runs.id_of(IMPORTED),
    ).left
    if labeled + left < least:
        return ""
    have = plural(labeled, "training picture has", "training pictures have")
    return f"{have} a label so far; size {least:,} needs more"


def _untrainable(made: Ordered) -> str:
    """Why no job takes what the present labels make, in words; empty where one does."""
    if not next_step(made.counts):
        return ""
    labeled = plural(len(made.training), "training picture has", "training pictures have")
    return f"{labeled} a label; {TAKEN}"


def _build(workspace: Workspace, amiss: Mapping[str, str], early: str, wrong: str) -> Standing:
    if early:
        return Standing("build", WAITING, early)
    if wrong:
        # While pictures are still to be labeled nothing has failed: more labels may come.
        return Standing("build", WAITING if tally(workspace, TEACHER).left else FAILED, wrong)
    if not workspace.store.records.files():
        return Standing("build", WAITING, "no records yet")
    built = {file.path: f"({file.records:,})" for file in present_files(workspace)}
    facts = " · ".join(f"{path} {what}" for path, what in {**built, **amiss}.items())
    return Standing("build", FAILED if ALTERED in amiss.values() else WAITING if amiss else DONE, facts)


def _upload(workspace: Workspace, amiss: Mapping[str, str], early: str) -> Standing:
    # Of records that are still to be made anew nothing is there yet, however much of older ones is.
    behind = early or " · ".join(f"{path} {what}" for path, what in amiss.items())
    try:
        plan = UploadStep().reckon(workspace)
    except StillroomError as error:
        return Standing(
            "upload", WAITING, behind if workspace.store.records.files() and behind else fact(error)
        )
    if plan.missing:
        facts = f"{plan.missing:,} of {plural(plan.files, 'file')} still to go"
    else:
        facts = f"{plural(plan.files, 'file')}, {plan.bytes / 1e6:.1f} MB in s3://{plan.bucket}"
    state = WAITING if plan.missing or behind else DONE
    return Standing("upload", state, f"{behind} · {facts}" if behind else facts)


def _train(workspace: Workspace, made: Ordered, early: str) -> Standing:
    jobs = [job for job in workspace.store.jobs.all() if job.arn]
    if not jobs:
        return Standing("train", WAITING, "no job yet")
    living_jobs = [job for job in jobs if job.status not in DEAD]
    unmade = failed_jobs(jobs)
    facts = _told(workspace, [*living_jobs, *unmade] or jobs[-1:])
    if any(job.status not in FINISHED for job in living_jobs):
        return Standing("train", RUNNING, facts)
    behind, ahead = (WAITING, DONE) if living_jobs else (FAILED, FAILED)
    if early:
        return Standing("train", behind, f"{early} · {facts}")
    try:
        waiting = _untrained(workspace, made)
    except StillroomError as error:
        return Standing("train", behind, f"{fact(error)} · {facts}")
    older = [row.name for row in outdated(workspace)]
    why = f"{', '.join(older)} learnt from other records" if older else ""
    if not waiting:
        return Standing("train", ahead, f"{facts} · {why}" if why else facts)
    newest = {job.student: job for job in jobs}
    failed = [newest[name] for name in waiting.values() if name in newest]
    known = [*living_jobs, *unmade, *(job for job in failed if job not in unmade)]
    facts = _told(workspace, known or jobs[-1:])
    never = [name for name in waiting.values() if name not in newest]
    still = f"{', '.join(never)} not trained yet" if never else ""
    # What is still to be done comes first: a line that is too long is cut at its end.
    told = " · ".join(part for part in (still, why, facts) if part)
    return Standing("train", FAILED if failed else WAITING, told)


def _untrained(workspace: Workspace, made: Ordered) -> dict[int, str]:
    """Names of the students that are still to be trained, by size: just those that ``run`` would train.

    Raises:
        StillroomError: Training cannot begin.
    """
    sizes = [order.size for order in made.orders if order.size]
    behind = [flaw.size for flaw in flaws(workspace) if flaw.size]
    ready = tuple(size for size in sizes if size not in behind)
    wanted = Train(ready).reckon(workspace).wanted if ready else ()
    found = {one.file.size: one.student for one in wanted}
    # Records that are made anew may be those of an earlier student.
    before = trained_sizes(workspace, behind)
    found |= {
        size: student_name(workspace, size) for size in behind if is_trainable(size) and size not in before
    }
    return dict(sorted(found.items()))


def to_train_anew(workspace: Workspace) -> list[str]:
    """Students in whose place others are to be trained, because the labels are not those of before."""
    try:
        waiting = _untrained(workspace, ordered(workspace))
    except StillroomError:
        return []
    return [row.name for row in outdated(workspace) if row.size in waiting]


def _told(workspace: Workspace, jobs: Sequence[JobRow]) -> str:
    """Jobs in words, by size as students are listed everywhere."""
    gone = deleted_jobs(workspace)
    return " · ".join(
        f"{job.student} {job.status}{', deleted' if job.name in gone else ''}"
        for job in sorted(jobs, key=lambda job: (job.size, job.created))
    )
