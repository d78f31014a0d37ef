"""``stillroom include``."""

from __future__ import annotations

from stillroom.cli.verbs.exclude_ import selecting

command = selecting("include", "Take excluded pictures back in.", excluded=False, done="taken back in")
