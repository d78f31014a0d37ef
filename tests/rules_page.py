"""The page ``docs/rules.md``, made of the catalogue.

Write it with: ``python -m tests.rules_page > docs/rules.md``.
"""

from __future__ import annotations

import sys

from stillroom.records import RULES, Scope, Weight

_OPENING = """\
# The rules of training records

What `stillroom validate` looks at. An **error** is refused by the service or by AWS's own validators, a
**warning** is accepted but costs or misleads, **advice** is worth knowing. *Whose* says where a rule comes
from: `service` rules fail a customization job, on AWS and on the sandbox; `aws-v1` and `aws-v2` are AWS's two
dataset validators, `forge` is its nova-forge-sdk, and `stillroom` rules are our own.
"""

_TITLES = {
    Scope.FILE: "The file",
    Scope.RECORD: "Each record",
    Scope.PICTURE: "The pictures behind it",
}


def rules_page() -> str:
    """The whole page: one table for each thing that rules apply to, errors first."""
    parts = [_OPENING]
    weights = list(Weight)
    for scope, title in _TITLES.items():
        parts.append(f"\n## {title}\n\n| Rule | Weight | Good files | Otherwise | Whose | Source |\n")
        parts.append("|---|---|---|---|---|---|\n")
        rules = [rule for rule in RULES.values() if rule.applies_to is scope]
        for rule in sorted(rules, key=lambda rule: weights.index(rule.weight)):
            cells = [f"`{rule.id}`", rule.weight.value, rule.what, rule.todo, rule.by.value, rule.source]
            parts.append("| " + " | ".join(_cell(cell) for cell in cells) + " |\n")
    return "".join(parts)


def _cell(text: str) -> str:
    """Text that stays inside its cell."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(rules_page())
