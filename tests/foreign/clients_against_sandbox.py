"""Clients that know nothing of Stillroom, at work on its sandbox: the AWS CLI (version 1) and litellm.

They pin their own botocore, so this runs in an environment of its own that has awscli, litellm and pytest,
and no Stillroom; ``.ci/run`` makes it. The sandbox runs with the interpreter that ``STILLROOM_PYTHON`` names,
the checkout's ``.venv/bin/python`` by default.
"""

from __future__ import annotations

import base64
import json
import os
import shlex
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PYTHON = os.environ.get("STILLROOM_PYTHON") or str(Path(__file__).parents[2] / ".venv" / "bin" / "python")
ACCOUNT = "111122223333"
BUCKET = "clients-of-all-kinds"
ROLE = "foreign-bedrock-role"
LITE = "us.amazon.nova-lite-v1:0"
PROMPT = "List 15-25 search keywords, comma separated."
PICTURES = 12
LOOKS = 200
"""Looks at the job, one process of the AWS CLI each, until the test gives up."""


def png(number: int, width: int = 96, height: int = 64) -> bytes:
    """A small picture: a gradient in a colour of its own."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += bytes(((number * 53 + x * 2) % 256, (number * 97 + y * 3) % 256, (number * 31) % 256))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running sandbox whose jobs take a second or two."""
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "sandbox.toml").write_text("speed = 3600\n")
    process = subprocess.Popen(
        [PYTHON, "-m", "stillroom.sandbox", "--port", "0", "--dir", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        assert line.startswith("sandbox http://127.0.0.1:"), line
        yield line.split()[1]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


class Cli:
    """The AWS CLI of this environment."""

    def __init__(self, url: str, home: Path, region: str = "us-east-1") -> None:
        self._url = url
        self._home = home
        self._region = {"AWS_DEFAULT_REGION": region} if region else {}

    def __call__(self, *words: str) -> Any:
        """Run one command, which must succeed; gives its JSON, or its text where it writes none."""
        done = subprocess.run(
            [sys.executable, "-m", "awscli", "--endpoint-url", self._url, "--output", "json", *words],
            capture_output=True,
            text=True,
            check=False,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self._home),
                "AWS_ACCESS_KEY_ID": "AKIAFOREIGN",
                "AWS_SECRET_ACCESS_KEY": "any",
                "AWS_EC2_METADATA_DISABLED": "true",
            }
            | self._region,
        )
        assert done.returncode == 0, f"aws {' '.join(words)}\n{done.stderr}"
        return json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else done.stdout


@pytest.fixture(scope="module")
def aws(url: str, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The AWS CLI, pointed at the sandbox."""
    return Cli(url, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def bucket(aws: Cli, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A bucket with pictures and training records, all brought there by the CLI."""
    folder = tmp_path_factory.mktemp("upload")
    (folder / "pictures").mkdir()
    aws("s3", "mb", f"s3://{BUCKET}")
    lines = []
    for number in range(PICTURES):
        (folder / "pictures" / f"{number}.png").write_bytes(png(number))
        lines.append(json.dumps(record(f"s3://{BUCKET}/pictures/{number}.png", number)))
    (folder / "train.jsonl").write_text("\n".join(lines) + "\n")
    aws("s3", "sync", str(folder), f"s3://{BUCKET}")
    return BUCKET


def record(uri: str, number: int) -> dict[str, Any]:
    """One training record as Bedrock wants it."""
    source = {"s3Location": {"uri": uri, "bucketOwner": ACCOUNT}}
    question = [{"image": {"format": "png", "source": source}}, {"text": PROMPT}]
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": "You write search keywords."}],
        "messages": [
            {"role": "user", "content": question},
            {"role": "assistant", "content": [{"text": f"gradient, colour {number % 3}, smooth, abstract"}]},
        ],
    }


def policy(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture(scope="module")
def role(aws: Cli, bucket: str) -> str:
    """ARN of a role that Bedrock may assume, and that may read and write the bucket."""
    trust = policy(
        {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    )
    access = policy(
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        }
    )
    made = aws("iam", "create-role", "--role-name", ROLE, "--assume-role-policy-document", trust)
    named = ("--role-name", ROLE, "--policy-name", "data")
    aws("iam", "put-role-policy", *named, "--policy-document", access)
    assert aws("iam", "get-role-policy", *named)["PolicyDocument"] == json.loads(access)
    arn: str = made["Role"]["Arn"]
    return arn


def test_the_cli_knows_its_caller(aws: Cli) -> None:
    assert aws("sts", "get-caller-identity")["Account"] == ACCOUNT


def test_the_cli_lists_models_and_profiles(aws: Cli) -> None:
    models = aws("bedrock", "list-foundation-models", "--by-customization-type", "FINE_TUNING")
    assert "amazon.nova-lite-v1:0:300k" in {model["modelId"] for model in models["modelSummaries"]}
    profiles = aws("bedrock", "list-inference-profiles")
    assert LITE in {profile["inferenceProfileId"] for profile in profiles["inferenceProfileSummaries"]}


def test_the_cli_brings_pictures_and_brings_them_back(aws: Cli, bucket: str, tmp_path: Path) -> None:
    listed = aws("s3api", "list-objects-v2", "--bucket", bucket, "--prefix", "pictures/")
    assert len(listed["Contents"]) == PICTURES
    aws("s3", "cp", f"s3://{bucket}/pictures/3.png", str(tmp_path / "back.png"))
    assert (tmp_path / "back.png").read_bytes() == png(3)


def test_the_cli_asks_about_a_picture_in_s3(aws: Cli, bucket: str) -> None:
    messages = record(f"s3://{bucket}/pictures/1.png", 1)["messages"][:1]
    asked = ("--model-id", LITE, "--messages", json.dumps(messages), "--inference-config", "maxTokens=300")
    answer = aws("bedrock-runtime", "converse", *asked)
    assert answer["stopReason"] == "end_turn"
    keywords = answer["output"]["message"]["content"][0]["text"].split(",")
    assert 15 <= len(keywords) <= 25
    usage = answer["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]
    assert usage["inputTokens"] > usage["outputTokens"] > 0


def test_the_cli_trains_and_watches_a_job(aws: Cli, bucket: str, role: str) -> None:
    made = aws(
        *("bedrock", "create-model-customization-job"),
        *("--job-name", "foreign-job", "--custom-model-name", "foreign-model", "--role-arn", role),
        *("--base-model-identifier", "amazon.nova-lite-v1:0:300k", "--customization-type", "FINE_TUNING"),
        *("--training-data-config", f"s3Uri=s3://{bucket}/train.jsonl"),
        *("--output-data-config", f"s3Uri=s3://{bucket}/output/"),
        *("--hyper-parameters", "epochCount=2,learningRate=0.00001,learningRateWarmupSteps=0"),
    )
    seen = []
    for _ in range(LOOKS):
        job = aws("bedrock", "get-model-customization-job", "--job-identifier", made["jobArn"])
        seen.append(job["status"])
        if job["status"] != "InProgress":
            break
    assert seen[-1] == "Completed", job.get("failureMessage", seen)
    assert set(seen[:-1]) <= {"InProgress"}
    assert job["outputModelName"] == "foreign-model"
    listed = aws("bedrock", "list-custom-models")["modelSummaries"]
    assert job["outputModelArn"] in {model["modelArn"] for model in listed}

    output = aws("s3", "ls", "--recursive", f"s3://{bucket}/output/")
    (metrics,) = [line.split()[-1] for line in output.splitlines() if "step_wise_training_metrics" in line]
    rows = aws("s3", "cp", f"s3://{bucket}/{metrics}", "-").splitlines()
    assert "training_loss" in rows[0]
    assert len(rows) > 1


def test_the_commands_that_setup_prints_make_what_a_project_needs(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    project = tmp_path / "project"
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "one.png").write_bytes(png(1))
    made_by_hand = ["--bucket", "made-by-hand", "--role-arn", f"arn:aws:iam::{ACCOUNT}:role/by-hand"]
    stillroom(
        "new", str(project), "--images", str(tmp_path / "pictures"), "--endpoint-url", url, *made_by_hand
    )
    said = json.loads(
        stillroom("setup", "--print", "--account", ACCOUNT, "--json", "--project", str(project))
    )
    documents = {one["title"].partition(":")[0]: one["text"] for one in said["documents"]}
    for name in ("trust.json", "access.json", "operator.json"):
        (tmp_path / name).write_text(documents[name])
    commands = [shlex.split(line) for line in documents["Commands"].splitlines() if line[:1] != "#"]
    assert len(commands) == 5
    monkeypatch.chdir(tmp_path)
    somebody = Cli(url, tmp_path, region="")
    for program, *words in commands:
        assert program == "aws"
        somebody(*words)
    checks = json.loads(stillroom("doctor", "--json", "--project", str(project)))["checks"]
    passed = {check["name"]: check["passed"] for check in checks}
    for name in ("bucket", "bucket access", "role exists", "role trust", "role read", "role write"):
        assert passed[name] is True, name


def stillroom(*words: str) -> str:
    """What a command of Stillroom writes; it must succeed."""
    return subprocess.run(
        [PYTHON, "-m", "stillroom", *words], check=True, capture_output=True, text=True
    ).stdout


def test_litellm_asks_about_an_inline_picture(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Otherwise it asks the internet for prices when it is imported.
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    import litellm

    data = base64.b64encode(png(5)).decode()
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
    answer = litellm.completion(
        model=f"bedrock/converse/{LITE}",
        messages=[{"role": "user", "content": [picture, {"type": "text", "text": PROMPT}]}],
        max_tokens=300,
        aws_bedrock_runtime_endpoint=url,
        aws_region_name="us-east-1",
        aws_access_key_id="AKIAFOREIGN",
        aws_secret_access_key="any",
    )
    assert answer.choices[0].finish_reason == "stop"
    assert 15 <= len(answer.choices[0].message.content.split(",")) <= 25
    assert answer.usage.prompt_tokens > answer.usage.completion_tokens > 0


def test_litellm_passes_on_what_the_sandbox_refuses(url: str) -> None:
    import litellm

    with pytest.raises(litellm.exceptions.BadRequestError, match="inference profile"):
        litellm.completion(
            model="bedrock/converse/amazon.nova-premier-v1:0",
            messages=[{"role": "user", "content": PROMPT}],
            num_retries=0,
            aws_bedrock_runtime_endpoint=url,
            aws_region_name="us-east-1",
            aws_access_key_id="AKIAFOREIGN",
            aws_secret_access_key="any",
        )
