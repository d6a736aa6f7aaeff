"""Runs of one machine take turns: trials of several overlap, a timing runs alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from poolproof import ROOT
from poolproof.host.turns import Turns
from poolproof.model.errors import BadInput

DEADLINE = 10
HOLDER = """
import sys, time
from pathlib import Path
from poolproof.host.turns import Turns
with getattr(Turns(print, Path(sys.argv[1])), sys.argv[2])():
    print("in", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "turns"


@contextmanager
def another_run(folder: Path, turn: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has its turn until it is killed."""
    command = [sys.executable, "-c", HOLDER, str(folder), turn]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "in\n"
        try:
            yield other
        finally:
            other.kill()


def waits(turns: Turns, turn: Callable[[], AbstractContextManager[None]], said: list[str]) -> threading.Event:
    """Take a turn on a thread; returns when the thread has reported that it waits."""
    has = threading.Event()

    def take() -> None:
        with turn():
            has.set()

    threading.Thread(target=take, daemon=True).start()
    for _ in range(DEADLINE * 100):
        if said:
            break
        has.wait(0.01)
    assert said
    assert not has.is_set()
    return has


def test_trials_of_two_runs_overlap(folder: Path) -> None:
    said: list[str] = []
    with another_run(folder, "shared"), Turns(said.append, folder).shared():
        assert said == []


def test_a_clock_waits_for_the_trials_under_way(folder: Path) -> None:
    said: list[str] = []
    turns = Turns(said.append, folder)
    with another_run(folder, "shared") as other:
        has = waits(turns, turns.alone, said)
        assert said == [f"another run on this machine (pid {other.pid}) is at a trial; waiting"]
        other.kill()
        assert has.wait(DEADLINE)


@pytest.mark.parametrize("turn", ["shared", "alone"])
def test_nobody_begins_while_a_clock_runs(turn: str, folder: Path) -> None:
    said: list[str] = []
    turns = Turns(said.append, folder)
    with another_run(folder, "alone") as other:
        has = waits(turns, getattr(turns, turn), said)
        who = f"another run on this machine (pid {other.pid})"
        assert said == [f"{who} is being timed, or about to begin; waiting"]
        other.send_signal(signal.SIGKILL)
        assert has.wait(DEADLINE)


def test_a_clock_that_waits_is_not_overtaken_by_new_trials(folder: Path) -> None:
    clock_said: list[str] = []
    trial_said: list[str] = []
    clock, trial = Turns(clock_said.append, folder), Turns(trial_said.append, folder)
    with another_run(folder, "shared") as other:
        has = waits(clock, clock.alone, clock_said)
        began = waits(trial, trial.shared, trial_said)
        other.kill()
        assert has.wait(DEADLINE)
        assert began.wait(DEADLINE)


def test_a_child_that_outlives_the_turn_does_not_keep_it(folder: Path) -> None:
    turns = Turns(lambda _: None, folder)
    with ExitStack() as turn:
        turn.enter_context(turns.alone())
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.read(read, 1)
            os._exit(0)
    try:
        said: list[str] = []
        with Turns(said.append, folder).alone():
            assert said == []
    finally:
        os.write(write, b".")
        os.waitpid(child, 0)
        os.close(read)
        os.close(write)


def not_ours(folder: Path) -> None:
    folder.mkdir()
    os.chown(folder, 12345, 12345)


def writable(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def elsewhere(folder: Path) -> None:
    folder.with_name("elsewhere").mkdir()
    folder.symlink_to("elsewhere")


def led_away(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "begin").symlink_to(folder.with_name("victim"))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (not_ours, "belongs to another user, 12345"),
        (writable, "can be written to by others"),
        (elsewhere, "is no folder"),
        (led_away, "cannot be used (Too many levels of symbolic links)"),
        (Path.touch, "is no folder"),
    ],
)
def test_a_folder_that_others_could_use_gets_one_line(
    spoil: Callable[[Path], None], why: str, folder: Path
) -> None:
    if spoil is not_ours and os.getuid() != 0:
        pytest.skip("root alone can give a folder away")
    spoil(folder)
    with pytest.raises(BadInput) as raised, Turns(print, folder).shared():
        pass
    assert str(raised.value) == (
        f"{folder}: {why}, and runs lock files there; have it removed, or set TMPDIR to a folder of yours"
    )
    assert not folder.with_name("victim").exists()
