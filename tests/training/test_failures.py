import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.training.failures import translate


@pytest.mark.parametrize(
    ("message", "what", "todo"),
    [
        (
            "Could not validate GetObject permissions to access Amazon S3 bucket: b at key run/t.jsonl.",
            "The service role cannot read s3://b/run/t.jsonl.",
            "setup",
        ),
        (
            "Could not validate GetObject permissions",
            "The service role cannot read the training data.",
            "setup",
        ),
        (
            "Amazon S3 perms missing (PutObject): s3://b/output/.write_access_check_file.tmp",
            "The service role cannot write the job's output.",
            "PutObject",
        ),
        ("could not write output/.write_access_check_file.tmp", "The service role cannot write", "PutObject"),
        (
            "Unable to parse Amazon S3 file: s3://b/t.jsonl. Data files must conform to JSONL format.",
            "The service could not read s3://b/t.jsonl as JSONL.",
            "validate",
        ),
        (
            "Data files must conform to JSONL format.",
            "The service could not read the records as JSONL.",
            "validate",
        ),
        (
            'Input size exceeded in file t.jsonl for record starting with {"schema',
            "A record in t.jsonl is too long.",
            "Shorten",
        ),
        (
            "Maximum input token count 40,000 exceeds limit of 32000.",
            "A record has 40,000 input tokens; 32000 are allowed.",
            "Shorten",
        ),
        (
            "Maximum output token count 6000 exceeds limit of 5000",
            "A record has 6000 output tokens; 5000 are allowed.",
            "Shorten",
        ),
        ("Max sum of tokens 9 exceeds limit of 8", "A record has 9 tokens in all; 8 are allowed.", "Shorten"),
        ("The token count of a record exceeds limit", "A record has too many tokens.", "Shorten"),
        (
            "Automated tests flagged this fine-tuning job as harmful",
            "The provider's content checks refused the training data.",
            "leave them out",
        ),
        (
            "Encountered an unexpected error when processing the request, please try again",
            "The service failed on its own side.",
            "same data",
        ),
        (
            "User: arn:aws:iam::1:user/u is not authorized to perform: iam:PassRole on resource: r",
            "Your credentials may not hand the service role to Bedrock (iam:PassRole).",
            "PassRole",
        ),
        ("Could not assume provided IAM role.", "Bedrock cannot assume the service role.", "trust policy"),
        ("The role cannot be assumed by Bedrock", "Bedrock cannot assume the service role.", "trust policy"),
        ("Record 7 holds the reserved keyword User:", "The records hold a word that the service", "validate"),
        ("ServiceQuotaExceededException: 10 jobs", "A quota of the account is reached", "quota"),
    ],
)
def test_each_known_message(message: str, what: str, todo: str) -> None:
    found = translate(message)
    assert found.what.startswith(what)
    assert todo in found.todo


def test_a_caller_that_signed_in_with_a_role_is_not_a_role_that_cannot_be_assumed() -> None:
    message = "User: arn:aws:sts::1:assumed-role/Dev/u is not authorized to perform: s3:PutObject"
    assert translate(message) == (message, "")


def test_an_unknown_message_is_shown_as_it_came_on_one_line() -> None:
    assert translate("The  flux\ncapacitor broke") == ("The flux capacitor broke", "")


def test_no_message_at_all() -> None:
    assert translate(" \n").todo


@given(st.text())
def test_braces_and_noise_do_no_harm(text: str) -> None:
    found = translate(f"Input size exceeded in file {text} for record")
    assert "\n" not in found.what
    assert translate(text).what
