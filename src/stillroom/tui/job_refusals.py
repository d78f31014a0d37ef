"""Why a key of the Jobs screen does nothing with what the cursor is on."""

from __future__ import annotations

from stillroom.serving import DeploymentStatus
from stillroom.steps.elsewhere import OTHER_JOB, OTHER_MODEL
from stillroom.steps.job_details import DEPLOYMENT, JOB, MODEL, Thing
from stillroom.tui.keymap import key_of

_WHY = {
    "overlay": "Only jobs of this project have loss curves.",
    "deploy": "Only a student can be deployed: go to its row.",
    "undeploy": "Nothing serves this: there is nothing to undeploy.",
    "stop": "Only a job can be stopped: go to its row.",
    "delete": "Only a custom model can be deleted: go to its row.",
}
_OF_STUDENTS = (JOB, OTHER_JOB, MODEL, OTHER_MODEL, DEPLOYMENT)
_FITS = {
    "stop": (JOB, OTHER_JOB),
    "delete": (MODEL, OTHER_MODEL),
    "deploy": _OF_STUDENTS,
    "undeploy": _OF_STUDENTS,
}
"""Kinds of things that an action is there for, or that lead to what it is there for."""


def why_not(action: str, thing: Thing | None) -> str:
    """One line for an action that is not there for ``thing``; empty for one that needs no reason."""
    if action not in _WHY:
        return ""
    if thing is None:
        return "There is nothing in the list that this could be done with."
    if thing.kind in _FITS.get(action, ()) and not thing.ours:
        return "This project did not make it."
    if (action, thing.kind) == ("stop", JOB):
        return f"{thing.name} does not run: there is nothing to stop."
    if action == "deploy" and thing.kind in _FITS["deploy"]:
        return _why_not_deployed(thing)
    return _WHY[action]


def _why_not_deployed(thing: Thing) -> str:
    """Why a student of this project cannot be deployed from the row of its job, model or deployment."""
    served = thing.status if thing.kind == DEPLOYMENT else thing.deployment
    if served == DeploymentStatus.FAILED:
        key = key_of("jobs.undeploy")
        return f"The deployment of {thing.name} has failed: {key} removes it; then it can be deployed anew."
    if served:
        return f"{thing.name} has a deployment already."
    if thing.job is not None and thing.job.deleted:
        return f"The custom model of {thing.name} was deleted: it has to be trained again first."
    return {
        "stopped": f"{thing.name} was stopped: it made no model.",
        "failed": f"{thing.name} has failed: it made no model.",
    }.get(thing.state, f"{thing.name} is not trained yet: it can be deployed when its job has completed.")


def can_be_deployed(thing: Thing) -> bool:
    """Whether it is a student, or a job that has made one, that is there and not deployed, or not to stay."""
    made = thing.job is not None and thing.state == "done" and not thing.job.deleted
    return thing.ours and (thing.of_run or ((thing.kind == MODEL or made) and not thing.deployment))
