"""The room of a lifetime, with real workers: started, answering, dying at once, and gone without a trace."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

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


def lab(site: Site, cell: Cell, tmp_path: Path, **setup: object) -> Lab:
    return Lab(site, cell, tmp_path / "lifetime", Setup(**setup))  # type: ignore[arg-type]


def test_a_worker_answers_runs_and_is_gone_with_its_children(site: Site, tmp_path: Path) -> None:
    with lab(site, PREFORK, tmp_path) as room:
        worker = room.start()
        pids = worker.tree().pids
        assert len(pids) == 3
        task = room.sender.send("noop")[0]
        assert until(lambda: task in room.events.seen("ended"))
        assert room.history().pids() < set(pids[1:])
        assert {socket.pid for socket in worker.sockets(room.broker_port)} >= {worker.pid}
        assert worker.memory() > 1
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_worker_that_dies_at_once_is_void_with_its_last_words(site: Site, tmp_path: Path) -> None:
    with (
        lab(site, SOLO, tmp_path, mutants=("no-such-mutant",)) as room,
        pytest.raises(Void, match="no-such-mutant"),
    ):
        room.start()


def test_a_worker_that_died_under_an_earlier_claim_is_void(site: Site, tmp_path: Path) -> None:
    with lab(site, SOLO, tmp_path) as room:
        worker = room.resident()
        assert room.resident() is worker
        os.kill(worker.pid, signal.SIGKILL)
        assert until(lambda: not worker.alive)
        assert worker.exit_status == -signal.SIGKILL
        with pytest.raises(Void, match="died under an earlier claim"):
            room.resident()


def test_what_was_not_exercised_is_void_and_says_how_the_worker_ended(site: Site, tmp_path: Path) -> None:
    with lab(site, SOLO, tmp_path) as room:
        worker = room.start()
        room.witness(tasks_started=1)
        os.kill(worker.pid, signal.SIGKILL)
        assert until(lambda: not worker.alive)
        with pytest.raises(Void, match="never exercised: tasks_started; w1 ended with -9"):
            room.witness(tasks_started=0)


def test_a_mutant_that_was_never_applied_is_void(site: Site, tmp_path: Path) -> None:
    with lab(site, SOLO, tmp_path, mutants=("never-rotates",)) as room:
        room.start()
        with pytest.raises(Void, match="mutant_applied"):
            room.witness(tasks_started=1)


def test_each_lifetime_has_an_empty_database_and_leaves_none_behind(site: Site, tmp_path: Path) -> None:
    with lab(site, SOLO, tmp_path) as room:
        room.sender.send("noop", count=3)
        assert room.waiting() == 3
        room.start()
        assert until(lambda: room.in_broker() == 0)
        url = room.client.connection_pool.connection_kwargs["db"]
    with Lab(site, SOLO, tmp_path / "next") as other:
        assert other.client.dbsize() == 0
        assert other.client.connection_pool.connection_kwargs["db"] != url


def test_the_wire_tells_which_process_asked(site: Site, tmp_path: Path) -> None:
    with lab(site, PREFORK, tmp_path, wired=True) as room:
        worker = room.start()
        task = room.sender.send("noop")[0]
        assert until(lambda: task in room.events.seen("ended"))
        assert room.wire
        assert until(
            lambda: room.wire and any(c.name == "SET" or c.name == "SETEX" for c in room.wire.seen())
        )
        by_name = {command.name: command.pid for command in room.wire.seen()}
        assert by_name["BRPOP"] == worker.pid
        assert set(by_name.values()) <= set(worker.tree().pids)
