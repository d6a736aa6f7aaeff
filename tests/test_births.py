"""The start and end of each process, from the kernel's messages, or from scans where it sends none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from poolproof.host.waiting import until
from poolproof.lab.observe.births import Births
from poolproof.lab.observe.connector import Connector
from poolproof.model.processes import Life, descendants

# A thread of 50 ms, a child that somebody kills, and an exit status.
PLAYED = """
import os, signal, threading, time
thread = threading.Thread(target=time.sleep, args=(0.05,))
thread.start(); thread.join()
child = os.fork()
if not child:
    signal.pause()
time.sleep(0.05)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
os._exit(7)
"""


def _connects() -> bool:
    with suppress(OSError), closing(Connector()):
        return True
    return False


@pytest.fixture(
    params=[pytest.param(True, marks=pytest.mark.skipif(not _connects(), reason="needs root")), False],
    ids=["messages", "looks"],
)
def births(request: pytest.FixtureRequest) -> Iterator[Births]:
    with closing(Births(os.getpid(), connect=request.param)) as births, births.closely():
        yield births


def family(births: Births, pid: int) -> tuple[Life, ...]:
    return descendants(births.lives(), pid)


def test_parent_thread_child_and_how_each_ended(births: Births) -> None:
    with subprocess.Popen([sys.executable, "-c", PLAYED]) as played:
        played.wait()
    until(lambda: all(life.died for life in family(births, played.pid)))
    parent, child = family(births, played.pid)
    assert (parent.pid, parent.parent, parent.status) == (played.pid, os.getpid(), 7)
    assert (child.parent, child.status) == (played.pid, -signal.SIGKILL)
    main, thread = parent.threads
    assert main.id == played.pid
    assert parent.died
    assert parent.born <= thread.born < (thread.died or 0) < parent.died
    assert child.end == "was killed by SIGKILL"


def test_who_was_stopped_and_went_on(births: Births) -> None:
    with subprocess.Popen(["sleep", "600"]) as stopped, subprocess.Popen(["sleep", "600"]) as other:
        until(lambda: len(family(births, stopped.pid)) == 1)
        stopped.send_signal(signal.SIGSTOP)
        assert until(lambda: births.pauses() == {stopped.pid: "stopped"})
        stopped.send_signal(signal.SIGCONT)
        assert births.pauses() == {stopped.pid: "stopped"}
        for each in (stopped, other):
            each.kill()


def test_a_process_that_lived_before_is_watched_as_well() -> None:
    with subprocess.Popen(["sleep", "600"]) as earlier, closing(Births(os.getpid())) as births:
        assert [life.end for life in family(births, earlier.pid)] == ["lives"]
        earlier.kill()
        assert until(lambda: family(births, earlier.pid)[0].status == -signal.SIGKILL)
