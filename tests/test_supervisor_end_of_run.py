"""However the run ends, nothing outlives it: no process, and no container."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poolproof.host.supervisor import Supervisor, table
from poolproof.host.supervisor.containers import Containers, listens
from poolproof.host.supervisor.databases import GuardedDatabases
from poolproof.host.supervisor.family import Family
from poolproof.host.supervisor.guarded import Guarded
from poolproof.host.supervisor.process import Service
from poolproof.host.supervisor.watcher import Notes
from poolproof.host.waiting import until
from poolproof.model.errors import InstrumentError, RunLost
from tests.evasions import EVASIONS, PREAMBLE, inhabitants, settled, staying

ROOT = Path(__file__).resolve().parent.parent
RUN = """
import os, sys, itertools
from pathlib import Path
from poolproof.host.supervisor import Supervisor
supervisor = Supervisor(sys.argv[1])
print(supervisor.pid, flush=True)
folder = Path(sys.argv[2])
for code in {codes}:
    argv = [sys.executable, "-S", "-c", code]
    supervisor.spawn(argv, env=os.environ, cwd=folder, log=folder / "log")
{then}
"""


def start_run(
    label: str, folder: Path, codes: str, then: str = "input()"
) -> tuple[subprocess.Popen[str], int]:
    """A complete run: its process, and its supervisor's pid."""
    run = subprocess.Popen(
        [sys.executable, "-c", RUN.format(codes=codes, then=then), label, str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stdout
    return run, int(run.stdout.readline())


def kill_run(run: subprocess.Popen[str], supervisor: int) -> None:
    """Kill the run as the kernel would, and wait until its supervisor has ended too."""
    with run:
        run.kill()
    assert until(lambda: table.look(supervisor) is None)


@pytest.mark.parametrize("when", ["waiting", "spawning"])
def test_a_killed_run_leaves_nothing(when: str, tmp_path: Path) -> None:
    codes = repr([PREAMBLE + code for code, _ in EVASIONS.values()])
    run, supervisor = start_run(
        "test", tmp_path, f"itertools.cycle({codes})" if when == "spawning" else codes
    )
    stay = sum(count for _, count in EVASIONS.values()) if when == "waiting" else 10
    assert until(lambda: len(staying(tmp_path)) >= stay)
    kill_run(run, supervisor)
    assert inhabitants(tmp_path) == set()


@pytest.mark.parametrize("times", range(10))
def test_a_run_that_is_killed_with_its_supervisor_leaves_nothing(
    times: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    left = tmp_path / "left"
    left.mkdir()
    codes = [PREAMBLE + code for code, _ in EVASIONS.values()]
    run, supervisor = start_run("test", left, repr(codes), "print(supervisor.make_folder()); input()")
    watcher = parent_of(supervisor)
    assert until(lambda: len(staying(left)) >= sum(count for _, count in EVASIONS.values()))
    assert run.stdout
    assert Path(run.stdout.readline().strip()).is_dir()
    os.kill(supervisor, signal.SIGKILL)
    kill_run(run, watcher)
    assert inhabitants(left) == set()
    assert [*tmp_path.iterdir()] == [left]


def parent_of(pid: int) -> int:
    process = table.look(pid)
    assert process
    return process.parent


def test_what_the_watcher_and_the_supervisor_leave_is_ended_by_the_run(tmp_path: Path) -> None:
    supervisor = Supervisor("test")
    folder = supervisor.make_folder()
    argv = [sys.executable, "-S", "-c", f"{PREAMBLE}daemon(); stay()"]
    supervisor.spawn(argv, env=os.environ, cwd=tmp_path, log=tmp_path / "log")
    assert settled(tmp_path, 2)
    for pid in (parent_of(supervisor.pid), supervisor.pid):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(RunLost, match="exit status -9"):
        supervisor.close()
    assert inhabitants(tmp_path) == set()
    assert not folder.exists()


def test_a_supervisor_whose_watcher_was_killed_goes_on(tmp_path: Path) -> None:
    with Supervisor("test") as supervisor:
        os.kill(parent_of(supervisor.pid), signal.SIGKILL)
        argv = [sys.executable, "-S", "-c", f"{PREAMBLE}daemon(); stay()"]
        supervisor.spawn(argv, env=os.environ, cwd=tmp_path, log=tmp_path / "log")
        folder = supervisor.make_folder()
        assert settled(tmp_path, 2)
    assert inhabitants(tmp_path) == set()
    assert not folder.exists()


def test_what_cannot_be_removed_keeps_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When the Docker daemon fails, the run's databases and folders are still removed."""

    def fails(_: object, late: bool) -> None:
        raise InstrumentError("containers are still there")

    emptied: list[bool] = []
    monkeypatch.setattr(Containers, "remove", fails)
    monkeypatch.setattr(GuardedDatabases, "empty", lambda _: emptied.append(True))
    guarded = Guarded("test")
    folder = tmp_path / "folder"
    folder.mkdir()
    guarded.folders.append(str(folder))
    with pytest.raises(InstrumentError, match="are still there"):
        guarded.remove(late=True)
    assert emptied
    assert not folder.exists()


DIES = "os.kill(os.getpid(), 9)"
AIMED = {
    "before it is asked for": f"supervisor._send = lambda *_: {DIES}; supervisor.make_folder()",
    "before it is answered": f"supervisor._answer = lambda *_: {DIES}; supervisor.make_folder()",
    "when it is there": f"supervisor.make_folder(); {DIES}",
}


@pytest.mark.parametrize("then", AIMED.values(), ids=AIMED)
def test_a_killed_run_leaves_no_folder(then: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    run, supervisor = start_run("test", tmp_path, "()", then)
    with run:
        assert run.wait() == -9
    assert until(lambda: table.look(supervisor) is None)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def daemon() -> Any:
    docker = pytest.importorskip("docker")
    if not listens():
        pytest.skip("no Docker daemon listens")
    try:
        return docker.from_env()
    except docker.errors.DockerException as error:
        pytest.skip(f"no Docker daemon answers: {error}")


@pytest.fixture
def image(daemon: Any) -> Iterator[str]:
    """An image of one empty file: a container of it can be created, which is enough to test its removal."""
    name = f"poolproof-empty-{uuid.uuid4().hex}"
    daemon.api.import_image_from_data(b"\0" * 10240, repository=name)
    yield name
    daemon.images.remove(name)


def containers(daemon: Any, label: str) -> list[str]:
    found = daemon.containers.list(all=True, filters={"label": f"poolproof.run={label}"}, ignore_removed=True)
    return [container.name for container in found]


def test_close_removes_the_runs_containers_alone(daemon: Any, image: str) -> None:
    mine, other = uuid.uuid4().hex, uuid.uuid4().hex
    with Supervisor(mine) as supervisor:
        supervisor.guard_containers()
        for label in (mine, other):
            daemon.containers.create(image, "x", labels={"poolproof.run": label})
    try:
        assert containers(daemon, mine) == []
        assert len(containers(daemon, other)) == 1
    finally:
        for name in containers(daemon, other):
            daemon.containers.get(name).remove()


def test_a_killed_run_leaves_no_container(daemon: Any, image: str) -> None:
    label = uuid.uuid4().hex
    then = "supervisor.guard_containers(); print('guarded', flush=True); input()"
    run, supervisor = start_run(label, Path("/"), "()", then)
    assert run.stdout
    assert run.stdout.readline() == "guarded\n"
    daemon.containers.create(image, "x", labels={"poolproof.run": label})
    kill_run(run, supervisor)
    assert containers(daemon, label) == []


class Daemon:
    """A Docker daemon that creates a container while the run dies: the third list of containers has it."""

    def __init__(self) -> None:
        self.containers = self
        self.looks = 0
        self.removed = False
        self.name = "late"

    def ping(self) -> None: ...

    def list(self, **_: object) -> list[Daemon]:
        self.looks += 1
        return [self] if self.looks > 2 and not self.removed else []

    def remove(self, **_: object) -> None:
        self.removed = True


@pytest.mark.parametrize("late", [False, True])
def test_a_container_in_the_making_is_awaited(late: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Daemon()
    monkeypatch.setattr(pytest.importorskip("docker"), "from_env", lambda: fake)
    monkeypatch.setattr("poolproof.host.supervisor.containers.LATE", 0.5)
    guarded = Containers("test")
    guarded.guard()
    guarded.remove(late=late)
    assert fake.removed is late


@pytest.mark.parametrize("closed", [False, True])
def test_only_a_run_that_closes_is_not_awaited(closed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    awaited: list[bool] = []
    monkeypatch.setattr(Family, "end_all", lambda _: None)  # it would end the children of pytest
    monkeypatch.setattr(Containers, "remove", lambda _, late: awaited.append(late))
    service = Service("test", Notes(os.open(os.devnull, os.O_WRONLY)))
    if closed:
        service.answer(b'{"id": 1, "do": "close", "arguments": []}')
    service.end_everything()
    assert awaited[-1] is not closed


def test_what_would_not_go_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Daemon()
    monkeypatch.setattr(pytest.importorskip("docker"), "from_env", lambda: fake)
    monkeypatch.setattr(fake, "remove", lambda **_: None)
    monkeypatch.setattr("poolproof.host.supervisor.containers.REMOVED_WITHIN", 0.5)
    guarded = Containers("test")
    guarded.guard()
    with pytest.raises(InstrumentError, match="containers are still there: late"):
        guarded.remove(late=True)
