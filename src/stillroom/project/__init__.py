"""The project file ``stillroom.toml``: found, read into typed values, written, edited.

``reading`` (find, load, parse), ``writing`` (write_new, edit; imports tomlkit late), ``prompts`` (the defaults).
"""

from stillroom.project.values import (
    FILE_NAME,
    STUDENT_MODEL,
    TEACHER_MODEL,
    AwsTable,
    Limits,
    ModelSettings,
    Project,
    ProjectFile,
    ProjectTable,
    PromptSettings,
)

__all__ = [
    "FILE_NAME",
    "STUDENT_MODEL",
    "TEACHER_MODEL",
    "AwsTable",
    "Limits",
    "ModelSettings",
    "Project",
    "ProjectFile",
    "ProjectTable",
    "PromptSettings",
]
