"""Locks between processes."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from stillroom.store import locks


def hold(path, ready, done):
    locks.acquire(path)
    ready.set()
    done.wait()


def try_in_child(path, answers):
    try:
        locks.acquire(path)
    except locks.Held as held:
        answers.put(held.pid)
    else:
        answers.put("free")


def test_a_lock_is_free_before_and_after(tmp_path):
    path = tmp_path / "a.lock"
    assert locks.holder(path) is None
    locks.acquire(path)
    assert locks.holder(path) == os.getpid()
    with pytest.raises(locks.Held) as held:
        locks.acquire(path)
    assert held.value.pid == os.getpid()
    locks.release(path)
    locks.release(path)
    assert locks.holder(path) is None
    assert path.read_text() == f"{os.getpid()}\n"


def test_asking_who_holds_it_does_not_lose_it(tmp_path):
    context = multiprocessing.get_context("spawn")
    path, answers = tmp_path / "a.lock", context.Queue()
    locks.acquire(path)
    for _ in range(2):
        assert locks.holder(path) == os.getpid()
    child = context.Process(target=try_in_child, args=(path, answers))
    child.start()
    assert answers.get(timeout=30) == os.getpid()
    child.join()
    locks.release(path)


def test_a_forked_child_does_not_have_it(tmp_path):
    context = multiprocessing.get_context("fork")
    path, answers = tmp_path / "a.lock", context.Queue()
    locks.acquire(path)
    child = context.Process(target=try_in_child, args=(path, answers))
    child.start()
    assert answers.get(timeout=30) == os.getpid()
    child.join()
    assert locks.holder(path) == os.getpid()
    locks.release(path)


def test_it_ends_with_its_owner(tmp_path):
    context = multiprocessing.get_context("spawn")
    path, ready, done = tmp_path / "a.lock", context.Event(), context.Event()
    child = context.Process(target=hold, args=(path, ready, done))
    child.start()
    assert ready.wait(30)
    assert locks.holder(path) == child.pid
    with pytest.raises(locks.Held) as held:
        locks.acquire(path)
    assert held.value.pid == child.pid
    child.kill()
    child.join()
    locks.acquire(path)
    locks.release(path)


def test_a_pid_that_the_kernel_does_not_tell_is_read_from_the_file(tmp_path):
    path = tmp_path / "a.lock"
    path.write_text("4711\n")
    descriptor = os.open(path, os.O_RDONLY)
    assert locks._pid_of(descriptor) == 4711
    os.close(descriptor)
    path.write_text("what?\n")
    descriptor = os.open(path, os.O_RDONLY)
    assert locks._pid_of(descriptor) == 0
    os.close(descriptor)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        locks.acquire(tmp_path / "nowhere" / "a.lock")


def tell_in_child(path, answers):
    try:
        locks.acquire(path, "is deploying")
    except locks.Held as held:
        answers.put((held.pid, held.doing))


def test_who_is_turned_away_hears_what_the_owner_does_and_nothing_of_one_before(tmp_path):
    context = multiprocessing.get_context("spawn")
    path, answers = tmp_path / "a.lock", context.Queue()
    for doing in ("is looking for lost deployments", ""):
        locks.acquire(path, doing)
        with pytest.raises(locks.Held) as held:
            locks.acquire(path, "is deploying")
        assert (held.value.pid, held.value.doing) == (os.getpid(), doing)
        child = context.Process(target=tell_in_child, args=(path, answers))
        child.start()
        assert answers.get(timeout=30) == (os.getpid(), doing)
        child.join()
        locks.release(path)
    locks.acquire(path)
    path.write_text("4711\nis labeling\n")
    with pytest.raises(locks.Held) as held:
        locks.acquire(path)
    assert held.value.doing == "", "written by an earlier owner"
    locks.release(path)


def take_in_child(path, shared, answers):
    try:
        locks.acquire(path, shared=shared)
    except locks.Held as held:
        answers.put(held.pid)
    else:
        answers.put("free")


@pytest.mark.parametrize(("ours", "free"), [(True, [True]), (False, [])])
def test_what_is_shared_keeps_out_only_who_wants_to_be_alone(tmp_path, ours, free):
    context = multiprocessing.get_context("spawn")
    path, answers = tmp_path / "a.lock", context.Queue()
    locks.acquire(path, shared=ours)
    for shared in (True, False):
        child = context.Process(target=take_in_child, args=(path, shared, answers))
        child.start()
        assert answers.get(timeout=30) == ("free" if shared in free else os.getpid())
        child.join()
    assert locks.holder(path) == os.getpid()
    locks.release(path)
