"""Runs of one machine take turns: trials beside trials, and a clock beside nobody."""

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

from probes.turns import Turns
from probes.worker import ROOT

DEADLINE = 10
HOLDER = """
import sys, time
from pathlib import Path
from probes.turns import Turns
with getattr(Turns(print, Path(sys.argv[1])), sys.argv[2])():
    print("in", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "poolproof.turns"


@contextmanager
def another_run(file: Path, turn: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has its turn until it is killed."""
    command = [sys.executable, "-c", HOLDER, str(file), turn]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "in\n"
        try:
            yield other
        finally:
            other.kill()


def waits(turns: Turns, turn: Callable[[], AbstractContextManager[None]], said: list[str]) -> threading.Event:
    """Take a turn on a thread; returns once it has said that it waits."""
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


def test_trials_of_two_runs_overlap(file: Path) -> None:
    said: list[str] = []
    with another_run(file, "shared"), Turns(said.append, file).shared():
        assert said == []


def test_a_clock_waits_for_the_trials_under_way(file: Path) -> None:
    said: list[str] = []
    turns = Turns(said.append, file)
    with another_run(file, "shared") as other:
        has = waits(turns, turns.alone, said)
        assert said == ["another run on this machine is at a trial; waiting"]
        other.kill()
        assert has.wait(DEADLINE)


@pytest.mark.parametrize("turn", ["shared", "alone"])
def test_nobody_begins_while_a_clock_runs(turn: str, file: Path) -> None:
    said: list[str] = []
    turns = Turns(said.append, file)
    with another_run(file, "alone") as other:
        has = waits(turns, getattr(turns, turn), said)
        assert said == ["another run on this machine is being timed, or about to begin; waiting"]
        other.send_signal(signal.SIGKILL)
        assert has.wait(DEADLINE)


def test_a_clock_that_waits_is_not_overtaken_by_new_trials(file: Path) -> None:
    clock_said: list[str] = []
    trial_said: list[str] = []
    clock, trial = Turns(clock_said.append, file), Turns(trial_said.append, file)
    with another_run(file, "shared") as other:
        has = waits(clock, clock.alone, clock_said)
        began = waits(trial, trial.shared, trial_said)
        other.kill()
        assert has.wait(DEADLINE)
        assert began.wait(DEADLINE)


def test_a_child_that_outlives_the_turn_does_not_keep_it(file: Path) -> None:
    turns = Turns(lambda _: None, file)
    with ExitStack() as turn:
        turn.enter_context(turns.alone())
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.read(read, 1)
            os._exit(0)
    try:
        said: list[str] = []
        with Turns(said.append, file).alone():
            assert said == []
    finally:
        os.write(write, b".")
        os.waitpid(child, 0)
        os.close(read)
        os.close(write)
