"""Whom a labeling run asks: the teacher, the untuned student, a trained student, or any model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import get_close_matches

from stillroom.errors import PermissionRefused, UsageError
from stillroom.labeling.values import Prompt
from stillroom.pictures import Side
from stillroom.pictures.tokens import Family, family_of
from stillroom.steps.deployed import living
from stillroom.steps.preparing import prepare_key
from stillroom.steps.regions import TEACHER as TEACHER
from stillroom.steps.regions import region_asked
from stillroom.steps.workspace import Workspace
from stillroom.store import RunSpec

UNTUNED = "untuned"
ROLES = (TEACHER, UNTUNED, "student")
"""Roles of the project's own runs. What is asked otherwise, such as with another prompt, is none."""


@dataclass(frozen=True, slots=True)
class Target:
    """A model with all that makes its run the run it is."""

    spec: RunSpec
    sides: tuple[Side, ...]
    """Sides that are labeled unless the user says otherwise."""


def prompt_version(prompt: Prompt) -> str:
    """Hash of the prompt's texts: another text is another run."""
    return hashlib.sha256(f"{prompt.system}\0{prompt.user}".encode()).hexdigest()[:12]


def target(workspace: Workspace, name: str) -> Target:
    """Find out whom ``name`` means.

    Args:
        workspace: The project.
        name: ``teacher``, ``untuned``, a student's name, or a model id, profile id or ARN.

    Raises:
        UsageError: It is none of these; of a student that is not there, ``look_for`` says why.
    """
    settings = workspace.settings
    tested = usual_sides("student")
    if name == TEACHER:
        return Target(_spec(workspace, TEACHER, TEACHER, settings.teacher.model), usual_sides(TEACHER))
    if name == UNTUNED:
        return Target(_spec(workspace, UNTUNED, UNTUNED, settings.student.model), tested)
    student = next((row for row in workspace.store.students.all() if row.name == name), None)
    if student is not None:
        serving = living(workspace, name)
        model = serving.arn if serving is not None and serving.arn else student.arn
        return Target(student_spec(workspace, name, model, student.base_model), tested)
    if name.isascii() and name.isprintable() and ("." in name or name.startswith("arn:")):
        return Target(_spec(workspace, "model", name, name), tested)
    known = [TEACHER, UNTUNED, *(row.name for row in workspace.store.students.all())]
    near = get_close_matches(name, known, n=1, cutoff=0.8)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise UsageError(
        f"There is no model or student called {name!r}.", f"{hint}Known: {', '.join(known)}, or a model id."
    )


def usual_sides(role: str) -> tuple[Side, ...]:
    """Sides that a run of this role labels unless the user says otherwise."""
    return (Side.TRAIN, Side.VALIDATION, Side.TEST) if role == TEACHER else (Side.TEST,)


def student_spec(workspace: Workspace, name: str, model: str, base_model: str) -> RunSpec:
    """The run of a trained student: it stays the same run however often the student is deployed."""
    return _spec(workspace, "student", name, model, base_model=base_model, student=name)


def _spec(
    workspace: Workspace,
    role: str,
    name: str,
    model: str,
    *,
    base_model: str = "",
    student: str | None = None,
) -> RunSpec:
    settings = workspace.settings
    asked = settings.teacher if role == TEACHER else settings.student
    prompt = settings.prompt.prompt
    return RunSpec(
        role=role,
        name=name,
        model=model,
        prompt=prompt,
        prompt_version=prompt_version(prompt),
        inference=asked.inference,
        prepare_key=prepare_key(settings.prepare),
        base_model=base_model or model,
        student=student,
    )


def is_undeployed(spec: RunSpec) -> bool:
    """Whether it is a student that is not deployed: its model is not its deployment yet."""
    return bool(spec.student) and ":custom-model/" in spec.model


def refuse_unaskable(target: Target) -> None:
    """Say that a model cannot be asked about pictures, before anybody agrees to a price.

    Raises:
        UsageError: It takes no pictures, or it is a student that is not deployed.
    """
    if family_of(target.spec.base_model) is Family.TEXT_ONLY:
        key = "teacher.model" if target.spec.role == TEACHER else "student.model"
        raise UsageError(
            f"{target.spec.base_model} takes text only, no pictures: every call would be refused.",
            f"Set {key} to a model that takes pictures, such as Nova Lite or Nova Pro."
            if target.spec.name in (TEACHER, UNTUNED)
            else "Name a model that takes pictures, such as Nova Lite or Nova Pro.",
        )
    if is_undeployed(target.spec):
        raise UsageError(
            f"{target.spec.name} is not deployed, so it cannot be asked.",
            f"Run: stillroom deploy {target.spec.name}",
        )


def callable_id(workspace: Workspace, target: Target) -> str:
    """What Converse must be given: a profile where only a profile is offered.

    Raises:
        UsageError: It takes no pictures, or it is a student that is not deployed.
        ModelRefused: There is no such model, or it cannot be called from here.
    """
    from stillroom.aws.catalogue import resolve

    refuse_unaskable(target)
    model = target.spec.model
    if model.startswith("arn:"):
        return model
    try:
        region = region_asked(workspace, target.spec.name, model)
        return resolve(workspace.session(region), model).model_id
    except PermissionRefused:
        # Whoever may call models but not list them knows what to write; the call itself will tell.
        return model
