"""For every rule there is a file that breaks it, and it is found under this rule's name and no other."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from tests.records.broken import BROKEN, SIZE_REMARKS, BrokenCase
from tests.records.making import case, good_records

from stillroom.records import RULES, Authority, Finding, PictureFact, Weight
from stillroom.records.headers import read_header
from stillroom.records.validating import Validation, validate

BUCKET = "stillroom-records"


class CaseFacts:
    """Knows the pictures of a case, and that nothing else is there."""

    def __init__(self, case: BrokenCase) -> None:
        self._case = case

    def lookup(self, uri: str) -> PictureFact:
        key = uri.removeprefix(f"s3://{BUCKET}/")
        data = self._case.pictures.get(key)
        if data is None:
            # Objects elsewhere are of no interest to the rules about bytes
            elsewhere = not uri.startswith(f"s3://{BUCKET}/")
            return PictureFact(1000, "png", 32, 32) if elsewhere else PictureFact(0, "", exists=False)
        header = read_header(BytesIO(data))
        side = self._case.sides.get(key)
        return PictureFact(len(data), header.format, header.width, header.height, side=side)


def check(case: BrokenCase, folder: Path) -> Validation:
    path = folder / case.name
    path.write_bytes(case.lines)
    other = None
    if case.other is not None:
        other = folder / "other.jsonl"
        other.write_bytes(case.other)
    return validate(
        path,
        model=case.model,
        facts=CaseFacts(case),
        other=other,
        bucket=BUCKET,
        validation=case.validation,
        together=case.companion.count(b"\n") if case.companion else 0,
    )


def test_every_rule_has_a_case() -> None:
    assert BROKEN.keys() == RULES.keys()


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_found_and_named(rule: str, tmp_path: Path) -> None:
    case = BROKEN[rule](BUCKET)
    found: list[Finding] = list(check(case, tmp_path))
    remarks = SIZE_REMARKS - {rule}
    assert {finding.rule for finding in found} - remarks == {rule}
    for finding in found:
        assert finding.weight is RULES[finding.rule].weight
        assert finding.message
        assert finding.todo == RULES[finding.rule].todo


def test_a_good_file_has_no_findings(tmp_path: Path) -> None:
    validation = check(case(good_records(BUCKET, 100)), tmp_path)
    assert list(validation) == []
    assert validation.summary.passed
    assert validation.summary.not_checked == {}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_catalogue_is_complete(rule: object) -> None:
    found = RULES[rule.id]  # type: ignore[attr-defined]
    assert found.what.endswith(".")
    assert found.todo.endswith(".")
    assert found.source
    assert found.by_service == (found.by is Authority.SERVICE)
    if found.by_service:
        assert found.weight is Weight.ERROR
