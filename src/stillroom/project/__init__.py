"""The project file ``stillroom.toml``: found, read into typed values, written, edited.

``reading`` has find, load and parse; ``writing`` write_new and edit (tomlkit is imported late); ``flat``
default_settings; ``prompts`` the default prompts.
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
