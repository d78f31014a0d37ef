"""The sandbox as a process: its line, its lock, its end, its front door."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from stillroom.sandbox.process import Folder, FolderHeld

pytestmark = pytest.mark.slow


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stillroom.sandbox", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_it_says_one_line_and_leaves_a_note(start: Callable[..., Any]) -> None:
    box = start()
    assert box.line == f"sandbox {box.url}\n"
    note = json.loads((box.folder / "sandbox.lock").read_text())
    assert note == {"pid": box.process.pid, "port": int(box.url.rpartition(":")[2])}
    assert box.get("/_sandbox/")["stillroom_sandbox"]
    box.process.terminate()
    assert box.process.wait(20) == 0
    assert not (box.folder / "sandbox.lock").exists()
    assert box.process.stdout.read() == ""
    assert box.process.stderr.read() == ""


def test_a_held_folder_is_refused_with_pid_and_port(start: Callable[..., Any]) -> None:
    box = start()
    second = run("--dir", str(box.folder))
    assert second.returncode == 2
    assert f"pid {box.process.pid}" in second.stderr
    assert box.url.rpartition(":")[2] in second.stderr
    assert second.stdout == ""


def test_a_lock_left_by_a_kill_is_no_obstacle(start: Callable[..., Any]) -> None:
    box = start()
    box.kill()
    assert (box.folder / "sandbox.lock").exists()
    again = start(folder=box.folder)
    assert json.loads((box.folder / "sandbox.lock").read_text())["pid"] == again.process.pid


def test_a_holder_that_only_starts_is_waited_for(tmp_path: Path) -> None:
    first = Folder(tmp_path)
    with pytest.raises(FolderHeld, match="port 4242"):
        Folder(tmp_path, pause=lambda seconds: first.announce(4242))
    first.leave()


def test_a_holder_that_ends_is_waited_for(tmp_path: Path) -> None:
    first = Folder(tmp_path)
    first.announce(4242)
    first.withdraw()
    second = Folder(tmp_path, pause=lambda seconds: first.leave())
    with pytest.raises(FolderHeld, match=r"running sandbox$"):
        Folder(tmp_path, pause=lambda seconds: None)
    second.leave()


def test_one_whose_folder_was_thrown_away_leaves_the_note_of_the_next(tmp_path: Path) -> None:
    where, other = tmp_path / "sandbox", tmp_path / "other"
    old = Folder(where)
    old.announce(4242)
    where.rename(other)  # as good as removed: its path is free
    new = Folder(where)
    note = {"pid": os.getpid() + 1, "port": 4243}
    (where / "sandbox.lock").write_text(json.dumps(note))
    old.leave()
    assert json.loads((where / "sandbox.lock").read_text()) == note
    new.leave()


def test_a_note_left_by_a_kill_is_not_taken_for_the_next_holders(tmp_path: Path) -> None:
    killed = Folder(tmp_path)
    killed.announce(4242)
    killed._held.close()
    after = Folder(tmp_path)
    assert not (tmp_path / "sandbox.lock").exists()
    after.leave()


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.5", "::"])
def test_only_loopback(tmp_path: Path, host: str) -> None:
    refused = run("--dir", str(tmp_path), "--host", host)
    assert (refused.returncode, "127.0.0.1 only" in refused.stderr) == (2, True)


def test_a_taken_port_is_told_in_plain_words(start: Callable[..., Any], tmp_path: Path) -> None:
    port = start().url.rpartition(":")[2]
    refused = run("--dir", str(tmp_path / "other"), "--port", port, "--json")
    assert refused.returncode == 2
    what = f"port {port} is taken by another program"
    todo = "Name another one with --port, or 0 for any that is free."
    assert refused.stderr.splitlines() == [f"stillroom: {what}", todo]
    assert json.loads(refused.stdout) == {"error": {"what": what, "todo": todo, "exit_code": 2}}
    assert not (tmp_path / "other").exists(), "it was made for nothing"
    there = tmp_path / "there"
    there.mkdir()
    assert run("--dir", str(there), "--port", port).returncode == 2
    assert there.exists(), "it was somebody's"
    assert not (there / "sandbox.db").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    folder = tmp_path / "a file" / "box"
    refused = run("--dir", str(folder))
    assert refused.returncode == 2
    assert refused.stderr == f"stillroom: cannot start: {folder}: Not a directory\n"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (b"latncy = 1", "latency"),
        (b"latency = [", "does not parse"),
        (b"speed = 0", "speed"),
        (b'quotas = "\xff"', "sandbox.toml is not UTF-8"),
    ],
)
def test_a_wrong_sandbox_toml_is_refused(tmp_path: Path, toml: bytes, said: str) -> None:
    (tmp_path / "sandbox.toml").write_bytes(toml)
    refused = run("--dir", str(tmp_path))
    assert (refused.returncode, said in refused.stderr) == (2, True)


def test_it_ends_when_its_folder_was_thrown_away(start: Callable[..., Any]) -> None:
    box = start()
    box.folder.rename(box.folder.with_name("away"))
    assert box.process.wait(20) == 0
    again = start(folder=box.folder)
    assert again.url != box.url


def test_it_ends_when_idle(start: Callable[..., Any]) -> None:
    box = start("--idle", "0.2")
    assert box.process.wait(20) == 0
    assert not (box.folder / "sandbox.lock").exists()


def front(box: Any, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection(box.url[7:])
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_foreign_hosts_and_origins_are_turned_away(service: Any) -> None:
    port = service.url.rpartition(":")[2]
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "localhost.evil.example"):
        assert front(service, "/_sandbox/", Host=host) == 421
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}", f"bucket.localhost:{port}"):
        assert front(service, "/_sandbox/", Host=host) == 200
    assert front(service, "/_sandbox/bill", Origin="https://evil.example") == 403
    assert front(service, "/_sandbox/bill", Origin="null") == 403
    assert front(service, "/_sandbox/bill", Sec_Fetch_Site="cross-site") == 403
    assert front(service, "/_sandbox/bill", Origin=f"http://127.0.0.1:{port}") == 200


def test_knobs_are_turned_and_kept(start: Callable[..., Any]) -> None:
    box = start()
    assert box.get("/_sandbox/knobs")["latency"] == 0.0
    assert box.turn(latency=0.4, faults={"drop": 0.5})["faults"]["drop"] == 0.5
    assert box.turn(faults={"slow": 0.25})["faults"]["drop"] == 0.5
    box.stop()
    again = start(folder=box.folder)
    knobs = again.get("/_sandbox/knobs")
    assert (knobs["latency"], knobs["faults"]["slow"]) == (0.4, 0.25)


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"latncy": 1}, "latency"),
        ({"faults": {"thottle": 0.1}}, "throttle"),
        ({"faults": {"drop": 1.5}}, "drop"),
        ({"faults": 3}, "faults"),
        ({"latency": "1"}, "latency"),
        ({"latency": -1}, "latency"),
        ({"quotas": "some"}, "quotas"),
        ({"seed": 0.5}, "seed"),
        ({"no_access": "x"}, "no_access"),
        ({"speed": True}, "speed"),
    ],
)
def test_wrong_knobs_are_refused_by_name(service: Any, knobs: dict[str, Any], said: str) -> None:
    before = service.get("/_sandbox/knobs")
    with pytest.raises(urllib.error.HTTPError) as refused:
        service.turn(**knobs)
    with refused.value as answer:
        assert (answer.code, said in json.load(answer)["error"]) == (400, True)
    assert service.get("/_sandbox/knobs") == before


def test_state_and_bill_survive_a_kill(start: Callable[..., Any], picture: Callable[..., bytes]) -> None:
    box = start()
    s3 = box.client("s3")
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="k", Body=b"v")
    box.ask(picture=picture(1))
    bill = box.get("/_sandbox/bill")
    box.kill()
    again = start(folder=box.folder)
    assert again.get("/_sandbox/bill") == bill
    assert again.client("s3").get_object(Bucket="kept", Key="k")["Body"].read() == b"v"


def test_bytes_without_a_row_are_swept_away(start: Callable[..., Any]) -> None:
    box = start()
    s3 = box.client("s3")
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="k", Body=b"v")
    box.kill()
    left = box.folder / "objects" / "ab" / "abandoned"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"x")
    again = start(folder=box.folder)
    assert not left.exists()
    assert again.client("s3").get_object(Bucket="kept", Key="k")["Body"].read() == b"v"


def test_a_state_of_a_newer_version_is_refused(start: Callable[..., Any]) -> None:
    import sqlite3

    box = start()
    box.stop()
    db = sqlite3.connect(box.folder / "sandbox.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    refused = run("--dir", str(box.folder))
    assert (refused.returncode, "newer" in refused.stderr) == (2, True)
    assert not (box.folder / "sandbox.lock").exists()


def test_a_state_that_is_no_database_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "sandbox.db").write_text("no database" * 100)
    refused = run("--dir", str(tmp_path), "--json")
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "sandbox.db cannot be used: file is not a database" in refused.stderr
    assert "sandbox.db" in json.loads(refused.stdout)["error"]["what"]


@pytest.mark.parametrize(
    ("name", "asks", "code"),
    [
        ("ec2", "describe_instances", "InvalidAction"),
        ("sns", "list_topics", "InvalidAction"),
        ("sqs", "list_queues", "UnknownOperationException"),
        ("lambda", "list_functions", "UnknownOperationException"),
        ("route53", "list_hosted_zones", "UnknownOperationException"),
    ],
)
def test_services_it_does_not_have_are_refused_in_their_own_protocol(
    service: Any, name: str, asks: str, code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(service.client(name), asks)()
    error = refused.value.response["Error"]
    assert error["Code"] == code
    assert f"has no service '{name}': it serves bedrock" in error["Message"]


def test_what_was_acknowledged_survives_a_kill_in_the_midst(
    start: Callable[..., Any], picture: Callable[..., bytes], parallel: Callable[..., list[Any]]
) -> None:
    box = start()
    s3 = box.client("s3")
    s3.create_bucket(Bucket="kept")
    data = picture(1)

    def work(number: int) -> tuple[int, bool, bool]:
        if number == 150:
            box.process.kill()
        stored = served = False
        try:
            s3.put_object(Bucket="kept", Key=f"k{number}", Body=b"%d" % number * 5000)
            stored = True
            served = bool(box.ask(picture=data))
        except (BotoCoreError, ClientError):
            pass
        return number, stored, served

    done = parallel(work, range(200))
    box.kill()
    again = start(folder=box.folder)
    s3 = again.client("s3")
    for number, stored, _ in done:
        if stored:
            body = s3.get_object(Bucket="kept", Key=f"k{number}")["Body"].read()
            assert body == b"%d" % number * 5000
    answered = sum(served for _, _, served in done)
    billed = again.get("/_sandbox/bill")["calls"][0]["served"]
    assert answered <= billed <= answered + 8
    assert not all(stored for _, stored, _ in done)


def test_no_worker_outlives_the_sandbox(
    start: Callable[..., Any], workshop: Any, eventually: Callable[..., Any]
) -> None:
    box = start(speed=3000)
    shop = type(workshop)(box)

    def workers() -> list[str]:
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                found.append(path.read_bytes().decode(errors="replace"))
            except OSError:
                continue
        return [one for one in found if "sandbox.bedrock.worker" in one and str(box.folder) in one]

    shop.bedrock.create_model_customization_job(**shop.request())
    eventually(workers, bool)
    box.kill()
    eventually(workers, lambda left: not left)
