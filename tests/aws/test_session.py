import json
import subprocess
import sys
from pathlib import Path

import pytest

from stillroom.aws import SANDBOX_CREDENTIALS, Connection, Credentials, Session
from stillroom.aws.converse import Converse
from stillroom.aws.identity import Identity, who_am_i
from stillroom.errors import BadRequest, CredentialsRefused, UsageError
from stillroom.labeling.values import AskFailed, Inference, Prompt


def test_importing_the_room_loads_no_boto3() -> None:
    code = (
        "import sys, pkgutil, importlib, stillroom.aws as room\n"
        "[importlib.import_module('stillroom.aws.' + m.name) for m in pkgutil.iter_modules(room.__path__)]\n"
        "print([m for m in ('boto3', 'botocore', 'urllib3', 'PIL', 'numpy', 'sqlite3') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("connection", "where"),
    [
        (Connection("us-east-1"), "AWS"),
        (Connection("us-east-1", endpoint_url="http://127.0.0.1:9", sandbox=True), "SANDBOX"),
        (Connection("us-east-1", endpoint_url="http://127.0.0.1:9"), "AWS via 127.0.0.1:9"),
        (Connection("us-east-1", endpoint_url="https://me:secret@aws.example"), "AWS via aws.example"),
        (Connection("us-east-1", endpoint_url="http://[::1"), "AWS via ?"),
    ],
)
def test_what_is_on_the_other_end(connection: Connection, where: str) -> None:
    assert connection.where == where


def test_nothing_secret_is_shown() -> None:
    pair = Credentials("AKIDVISIBLE", "verysecret", "token")
    shown = repr(pair) + str(Connection("us-east-1", credentials=pair))
    for secret in ("AKIDVISIBLE", "verysecret", "token'"):
        assert secret not in shown


def test_the_teacher_may_be_in_another_region() -> None:
    assert Connection("us-east-1").at("eu-west-2").region == "eu-west-2"
    assert Connection("us-east-1").at("").region == "us-east-1"


def test_clients_are_made_once_and_shared(session: Session) -> None:
    assert session.client("s3") is session.client("s3")
    assert session.client("s3").meta.config.max_pool_connections >= 16


def test_every_attempt_of_a_runtime_client_is_ours(session: Session) -> None:
    client = session.runtime(concurrency=64, read_timeout=600)
    config = client.meta.config
    assert config.retries["total_max_attempts"] == 1
    assert (config.read_timeout, config.connect_timeout, config.max_pool_connections) == (600, 10, 64)
    assert config.tcp_keepalive
    client.close()


def test_the_number_of_attempts_holds_against_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")
    session = Session(Connection("us-east-1", credentials=SANDBOX_CREDENTIALS))
    client = session.runtime(concurrency=1, read_timeout=5)
    assert client.meta.config.retries["total_max_attempts"] == 1
    client.close()


def test_a_sandbox_gets_neither_the_token_nor_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "secret")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:1")
    session = Session(Connection("us-east-1", endpoint_url="http://127.0.0.1:9", sandbox=True))
    for client in (session.client("bedrock"), session.runtime(concurrency=1, read_timeout=5)):
        assert client.meta.config.signature_version == "v4"
        assert client.meta.config.proxies == {}
        client.close()
    s3 = session.client("s3")
    assert s3.meta.config.s3["addressing_style"] == "path"
    assert s3.meta.endpoint_url == "http://127.0.0.1:9"
    session.close()


def test_a_sandbox_needs_no_profile_and_no_configuration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[profile broken\nregion")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    session = Session(Connection("us-east-1", endpoint_url="http://127.0.0.1:9", sandbox=True))
    assert session.client("s3").meta.endpoint_url == "http://127.0.0.1:9"
    session.close()


def test_an_endpoint_of_the_environment_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    taken = Connection("us-east-1", credentials=SANDBOX_CREDENTIALS)
    assert taken.where == "AWS via 127.0.0.1:9"
    assert taken.at("eu-west-2").where == "AWS via 127.0.0.1:9"
    session = Session(taken)
    assert session.client("bedrock").meta.endpoint_url == "http://127.0.0.1:9"
    assert Connection("us-east-1", endpoint_url="http://127.0.0.1:8").where == "AWS via 127.0.0.1:8"
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert Connection("us-east-1").where == "AWS"
    session.close()


def test_what_is_called_aws_is_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Endpoints of single services and of profiles, which no banner could show, do not apply."""
    (tmp_path / "config").write_text("[default]\nendpoint_url = http://127.0.0.1:7\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9")
    taken = Connection("us-east-1", credentials=SANDBOX_CREDENTIALS)
    assert taken.where == "AWS"
    session = Session(taken)
    runtime = session.runtime(concurrency=1, read_timeout=5)
    assert runtime.meta.endpoint_url == "https://bedrock-runtime.us-east-1.amazonaws.com"
    assert session.client("bedrock").meta.endpoint_url == "https://bedrock.us-east-1.amazonaws.com"
    runtime.close()
    session.close()


def test_a_profile_that_the_environment_names_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(CredentialsRefused, match="no AWS profile 'nobody'"):
        Session(Connection("us-east-1")).client("sts")


def test_an_unknown_profile_is_told_with_what_to_do() -> None:
    with pytest.raises(CredentialsRefused) as caught:
        Session(Connection("us-east-1", profile="nobody")).client("sts")
    assert "'nobody'" in caught.value.what
    assert "list-profiles" in caught.value.todo


def test_no_region() -> None:
    with pytest.raises(BadRequest, match="No AWS region"):
        Session(Connection("", credentials=SANDBOX_CREDENTIALS)).client("bedrock")


def test_a_region_that_is_no_host_name() -> None:
    with pytest.raises(BadRequest, match="not an AWS region"):
        Session(Connection("us east 1", credentials=SANDBOX_CREDENTIALS)).client("bedrock")


def test_an_endpoint_that_is_no_url() -> None:
    with pytest.raises(UsageError, match="endpoint URL"):
        Session(Connection("us-east-1", endpoint_url="nonsense", credentials=SANDBOX_CREDENTIALS)).client(
            "s3"
        )


def test_no_credentials() -> None:
    session = Session(Connection("us-east-1"))
    with pytest.raises(CredentialsRefused, match="no AWS credentials"):
        who_am_i(session)
    session.close()


def test_a_broken_configuration_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("this is [no ini")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(CredentialsRefused, match="configuration files"):
        Session(Connection("us-east-1")).client("sts")


def test_an_expired_single_sign_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(
        "[profile work]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\n"
        "[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    session = Session(Connection("us-east-1", profile="work"))
    with pytest.raises(CredentialsRefused) as caught:
        who_am_i(session)
    assert "aws sso login --profile work" in caught.value.todo
    session.close()


SOURCES = [
    ("credential_process = /nothing/here", "no such file or directory: /nothing/here"),
    ("credential_process = /bin/echo hello", "is not what boto3 reads"),
    ("credential_process = /bin/cat {}", "had expired when they were read"),
    ("credential_process = /bin/cat {}.naive", "is not what boto3 reads"),
    ("role_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = /nothing/here", "no such file"),
]


@pytest.mark.parametrize(("source", "said"), SOURCES)
def test_credentials_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str, said: str
) -> None:
    old = tmp_path / "old.json"
    for path, ends in ((old, "2020-01-01T00:00:00Z"), (tmp_path / "old.json.naive", "2020-01-01")):
        keys = {"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "hush", "Expiration": ends}
        path.write_text(json.dumps(keys))
    config = tmp_path / "config"
    config.write_text(f"[profile me]\n{source.format(old)}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    session = Session(Connection("us-east-1", profile="me"))
    with pytest.raises(CredentialsRefused) as refused:
        who_am_i(session)
    assert said in refused.value.what
    assert "profile me" in refused.value.what
    assert "hush" not in str(refused.value)
    with pytest.raises((AskFailed, CredentialsRefused)) as stopped:
        Converse(session, "m")(b"p", "png", Prompt("", "x"), Inference())
    assert said in str(stopped.value)


WITH_CODE = """
[profile base]
aws_access_key_id = A
aws_secret_access_key = B
[profile role]
role_arn = arn:aws:iam::111122223333:role/r
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/me
[profile above]
role_arn = arn:aws:iam::111122223333:role/above
source_profile = role
[profile round]
role_arn = arn:aws:iam::111122223333:role/above
source_profile = round
"""


@pytest.mark.parametrize("profile", ["role", "above"])
def test_a_profile_that_asks_for_a_code_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, profile: str
) -> None:
    """botocore would ask at the terminal, from any thread, and again when the keys end."""
    (tmp_path / "config").write_text(WITH_CODE)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "A")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "B")
    with pytest.raises(CredentialsRefused, match="MFA") as refused:
        Session(Connection("us-east-1", profile=profile)).client("sts")
    assert f"export-credentials --format env --profile {profile}" in refused.value.todo
    Session(Connection("us-east-1", profile="base")).client("sts").close()
    with pytest.raises(CredentialsRefused, match="InfiniteLoop"):
        Session(Connection("us-east-1", profile="round")).client("sts")
    monkeypatch.setenv("AWS_PROFILE", profile)
    Session(Connection("us-east-1")).client("sts").close()  # the environment's keys go first
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(CredentialsRefused, match="MFA"):
        Session(Connection("us-east-1")).client("sts")


def test_an_error_of_the_caller_is_not_taken_for_one_of_the_credentials(session: Session) -> None:
    with pytest.raises(FileNotFoundError), session.calling("read a file"):
        Path("/nothing/here").read_bytes()


def test_who_am_i(session: Session, stub) -> None:
    arn = "arn:aws-us-gov:iam::111122223333:user/me"
    stub("sts").add_response("get_caller_identity", {"Account": "111122223333", "Arn": arn, "UserId": "U"})
    found = who_am_i(session)
    assert found == Identity("111122223333", arn, "U")
    assert found.partition == "aws-us-gov"
