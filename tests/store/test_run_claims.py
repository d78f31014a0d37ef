"""Who may write to a run: one process at a time, and what one that died leaves behind is swept up."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from decimal import Decimal

import pytest

from stillroom.errors import StorageFull, StoreBusy
from stillroom.labeling.values import FailureClass
from stillroom.store import State
from stillroom.store.sweeping import sweep_session

CLAIM = """
import sys
from pathlib import Path
from stillroom.errors import StoreBusy
from stillroom.store.opening import Store
with Store.open(Path(sys.argv[1]), fs_type=lambda _: "ext4") as store:
    try:
        with store.runs.claim(int(sys.argv[2])):
            print("held", flush=True)
            sys.stdin.readline()
    except StoreBusy as busy:
        print("busy", busy.pid, flush=True)
"""


def start_claim(make, run_id):
    return subprocess.Popen(
        [sys.executable, "-c", CLAIM, str(make.store.path.parent.parent), str(run_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_writer_is_refused_with_the_pid_of_the_first_until_it_dies(make):
    run, other = make.run(), make.run("untuned")
    first = start_claim(make, run.id)
    assert first.stdout.readline() == "held\n"
    with pytest.raises(StoreBusy) as busy, make.store.runs.claim(run.id):
        pass
    assert busy.value.pid == first.pid
    assert str(first.pid) in str(busy.value)
    assert start_claim(make, run.id).communicate()[0].split() == ["busy", str(first.pid)]
    assert make.store.runs.get(run.id).holder == first.pid
    with make.store.runs.claim(other.id):
        pass
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert make.store.runs.get(run.id).holder is None
    with make.store.runs.claim(run.id):
        pass
    first.stdin.close()
    first.stdout.close()


def test_a_run_is_refused_before_it_is_claimed_while_another_process_holds_it(make):
    run = make.run()
    make.store.runs.refuse_held(run.spec)
    with start_claim(make, run.id) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreBusy, match=f"Process {other.pid} is labeling this run"):
            make.store.runs.refuse_held(run.spec)
        other.kill()
    make.store.runs.refuse_held(run.spec)


def test_one_process_cannot_hold_a_run_twice(make, opened):
    run = make.run()
    second = opened()
    with make.store.runs.claim(run.id):
        with pytest.raises(StoreBusy), make.store.runs.claim(run.id):
            pass
        with pytest.raises(StoreBusy), second.runs.claim(run.id):
            pass
        # Opening, listing and planning elsewhere must not settle what is going on here.
        opened()
        assert second.runs.todo(run.id, ["x"]) == ["x"]
    with second.runs.claim(run.id):
        pass


def test_a_live_session_is_not_swept_by_another_store(make, opened, pricing):
    (a,) = make.pictures("a")
    run = make.run()
    with make.store.runs.claim(run.id):
        journal = make.store.runs.journal(run.id, pricing)
        (begun,) = journal.advance([], [make.item(a)])
        other = opened()
        other.runs.sweep()
        assert other.runs.states(run.id) == {a: State.ASKING}
        assert other.spending.lines()[0].unknown == 0
        assert other.runs.get(run.id).counts.asking == 1
        journal.advance([make.answered(begun, a, "sea")], [])
    assert make.store.runs.states(run.id) == {a: State.DONE}


def test_looking_at_a_live_session_waits_for_no_writer(make, opened):
    run = make.run()
    with make.store.runs.claim(run.id), make.store.database.writing():
        other = opened()
        assert other.spending.lines() == []
        assert other.runs.get(run.id).holder is not None


def test_a_session_is_swept_once(make, pricing):
    (a,) = make.pictures("a")
    run = make.run()
    with make.store.runs.claim(run.id) as claim:
        make.store.runs.journal(run.id, pricing).advance([], [make.item(a)])
    with make.store.database.writing() as connection:
        sweep_session(connection, claim.session, 0.0, complete=False)
    assert make.store.spending.lines()[0].unknown == 1


def test_a_lock_folder_that_cannot_be_made(make):
    (make.store.path.parent / "locks").write_text("in the way")
    with pytest.raises(StorageFull), make.store.runs.claim(make.run().id):
        pass


KILLED = textwrap.dedent(
    """
    import sys, hashlib
    from decimal import Decimal
    from pathlib import Path
    from stillroom.labeling.values import *
    from stillroom.store.opening import Store

    contents = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(4000)]
    def item(content): return Item(content, "p", "jpeg", 900)
    def answered(attempt, content):
        return Outcome(attempt, item(content), Answer("sea, sky", "end_turn", 1000, 80, 700, "r"),
                       Verdict(("sea", "sky"), None), None, "", "", 1.0, 2.0)
    with Store.open(Path(sys.argv[1]), fs_type=lambda _: "ext4") as store:
        with store.runs.claim(int(sys.argv[2])):
            journal = store.runs.journal(
                int(sys.argv[2]), lambda o: Decimal("0.002") if o.outcome_unknown else Decimal("0.001"))
            left = store.runs.todo(int(sys.argv[2]), contents)
            flying = []
            for start in range(0, len(left), 5):
                group = left[start:start + 5]
                begun = journal.advance([answered(a, c) for a, c in flying], [item(c) for c in group])
                flying = list(zip(begun, group))
                print(start, flush=True)
    """
)


def test_a_writer_that_is_killed_leaves_a_store_that_adds_up(make, opened):
    contents = make.pictures(*map(str, range(4000)))
    run = make.run()
    folder = str(make.store.path.parent.parent)
    for groups in (1, 4, 9):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, folder, str(run.id)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(groups):
            process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
    store = opened()
    counts = store.runs.get(run.id).counts
    answers = list(store.answers.rows(run.id))
    (line,) = store.spending.lines()
    assert counts.asking == 0
    assert counts.done == len(answers) == line.calls
    # Some of those interrupted have been answered by the next process.
    assert line.attempts == line.calls + line.unknown
    assert 5 <= line.unknown <= 15
    assert line.usd == Decimal("0.001") * line.calls
    assert line.usd_unknown == Decimal("0.002") * line.unknown
    assert len(store.runs.todo(run.id, contents)) == len(contents) - counts.done
    with store.database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM attempts WHERE ended IS NULL").fetchone()[0] == 0
        assert connection.execute("SELECT count(*) FROM attempts").fetchone()[0] == line.attempts
        assert connection.execute("SELECT count(*) FROM sessions WHERE ended IS NULL").fetchone()[0] == 0


ASKING = textwrap.dedent(
    """
    import sys
    from decimal import Decimal
    from pathlib import Path
    from stillroom.labeling.values import Item
    from stillroom.store.opening import Store
    with Store.open(Path(sys.argv[1]), fs_type=lambda _: "ext4") as store:
        with store.runs.claim(int(sys.argv[2])):
            journal = store.runs.journal(int(sys.argv[2]), lambda _: Decimal("0.002"))
            journal.advance([], [Item(sys.argv[3], "p", "jpeg", 900)])
            print("asking", flush=True)
            sys.stdin.readline()
    """
)


def test_what_a_killed_retry_was_asking_has_failed_for_a_store_that_was_open_all_the_time(make, pricing):
    (a,) = make.pictures("a")
    run, runs = make.run(), make.store.runs
    with runs.claim(run.id):
        journal = runs.journal(run.id, pricing)
        (begun,) = journal.advance([], [make.item(a)])
        journal.advance([make.failed(begun, a, FailureClass.REFUSED)], [])
    folder = str(make.store.path.parent.parent)
    with subprocess.Popen(
        [sys.executable, "-c", ASKING, folder, str(run.id), a],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.readline()
        assert runs.failures(run.id, cut_short=True) == [], "it is being asked again"
        process.kill()
    assert [row.content for row in runs.failures(run.id, cut_short=True)] == [a]
