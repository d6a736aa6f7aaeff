"""Lifetimes of real workers: one that answers, one that ends at once, and nothing left afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from poolproof import ROOT
from poolproof.host.broker import BrokerRequest
from poolproof.host.waiting import until
from poolproof.lab.lab import Lab, Setup
from poolproof.lab.site import Site, open_site
from poolproof.model.cells import Cell
from poolproof.model.errors import Void

PREFORK = Cell("prefork", 2, 4)
SOLO = Cell("solo", 1, 4)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    request = BrokerRequest(origin="wheel")
    with open_site(f"test-lab-{os.getpid()}", request, messages=10, seconds=5) as site:
        yield site


RUN = """
import sys, time
from poolproof.host.broker import BrokerRequest
from poolproof.lab.lab import Lab
from poolproof.lab.site import open_site
from poolproof.model.cells import Cell
with (
    open_site("killed", BrokerRequest(origin="wheel"), messages=10, seconds=5) as site,
    Lab(site, Cell("prefork", 2, 4), site.folder / "lifetime") as lab,
):
    server = lab.client.info("server")["process_id"]
    print(site.folder, site.supervisor.pid, server, *lab.start().tree().pids, flush=True)
    time.sleep(600)
"""


def ended(process: psutil.Process) -> bool:
    """Whether it runs no more; this process may have inherited it, and then it stays a zombie."""
    with suppress(psutil.NoSuchProcess):
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    return True


def test_a_run_that_is_killed_with_its_supervisor_leaves_no_worker_and_no_server() -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        try:
            assert run.stdout
            folder, supervisor, *others = run.stdout.readline().split()
            left = [psutil.Process(int(pid)) for pid in others]
            watcher = psutil.Process(int(supervisor)).parent()
            assert len(left) == 4
            assert watcher
            os.kill(int(supervisor), signal.SIGKILL)
        finally:
            run.kill()
    assert until(lambda: ended(watcher), 60)
    assert all(ended(process) for process in left)
    assert not Path(folder).exists()


def lab(site: Site, cell: Cell, tmp_path: Path, **setup: object) -> Lab:
    return Lab(site, cell, tmp_path / "lifetime", Setup(**setup))  # type: ignore[arg-type]


def test_a_worker_answers_runs_and_is_gone_with_its_children(site: Site, tmp_path: Path) -> None:
    with lab(site, PREFORK, tmp_path) as lifetime:
        worker = lifetime.start()
        pids = worker.tree().pids
        assert len(pids) == 3
        task = lifetime.sender.send("noop")[0]
        assert until(lambda: task in lifetime.events.seen("ended"))
        assert lifetime.history().pids() < set(pids[1:])
        assert {socket.pid for socket in worker.sockets(lifetime.broker_port)} >= {worker.pid}
        assert worker.memory() > 1
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_worker_that_dies_at_once_is_void_with_its_last_words(site: Site, tmp_path: Path) -> None:
    with (
        lab(site, SOLO, tmp_path, mutants=("no-such-mutant",)) as lifetime,
        pytest.raises(Void, match="no-such-mutant"),
    ):
        lifetime.start()


def test_a_worker_that_died_under_an_earlier_claim_is_void(site: Site, tmp_path: Path) -> None:
    with lab(site, SOLO, tmp_path) as lifetime:
        worker = lifetime.resident()
        assert lifetime.resident() is worker
        os.kill(worker.pid, signal.SIGKILL)
        assert until(lambda: not worker.alive)
        assert worker.exit_status == -signal.SIGKILL
        with pytest.raises(Void, match="died under an earlier claim"):
            lifetime.resident()


def test_what_was_not_exercised_is_void_and_says_how_the_worker_ended(site: Site, tmp_path: Path) -> None:
    with lab(site, SOLO, tmp_path) as lifetime:
        worker = lifetime.start()
        lifetime.witness(tasks_started=1)
        os.kill(worker.pid, signal.SIGKILL)
        assert until(lambda: not worker.alive)
        with pytest.raises(Void, match="never exercised: tasks_started; w1 ended with -9"):
            lifetime.witness(tasks_started=0)


def test_a_mutant_that_was_never_applied_is_void(site: Site, tmp_path: Path) -> None:
    with lab(site, SOLO, tmp_path, mutants=("never-rotates",)) as lifetime:
        lifetime.start()
        with pytest.raises(Void, match="mutant_applied"):
            lifetime.witness(tasks_started=1)


def test_each_lifetime_has_an_empty_database_and_leaves_none_behind(site: Site, tmp_path: Path) -> None:
    with lab(site, SOLO, tmp_path) as lifetime:
        lifetime.sender.send("noop", count=3)
        assert lifetime.waiting() == 3
        lifetime.start()
        assert until(lambda: lifetime.in_broker() == 0)
        url = lifetime.client.connection_pool.connection_kwargs["db"]
    with Lab(site, SOLO, tmp_path / "next") as other:
        assert other.client.dbsize() == 0
        assert other.client.connection_pool.connection_kwargs["db"] != url


def test_the_wire_tells_which_process_asked(site: Site, tmp_path: Path) -> None:
    with lab(site, PREFORK, tmp_path, wired=True) as lifetime:
        worker = lifetime.start()
        task = lifetime.sender.send("noop")[0]
        assert until(lambda: task in lifetime.events.seen("ended"))
        assert lifetime.wire
        assert until(
            lambda: lifetime.wire and any(c.name == "SET" or c.name == "SETEX" for c in lifetime.wire.seen())
        )
        by_name = {command.name: command.pid for command in lifetime.wire.seen()}
        assert by_name["BRPOP"] == worker.pid
        assert set(by_name.values()) <= set(worker.tree().pids)
