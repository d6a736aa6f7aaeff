"""The supervisor spawns, signals and ends exactly the processes of each request."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import psutil
import pytest

from poolproof.host.supervisor import Supervisor, table
from poolproof.host.supervisor.table import Process
from poolproof.host.waiting import until, wall
from poolproof.model.errors import BadInput, InstrumentError, RunLost, Void
from tests.evasions import EVASIONS, PREAMBLE, inhabitants, settled, staying


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    with Supervisor("test") as opened:
        yield opened


def spawn(supervisor: Supervisor, folder: Path, code: str, **env: str) -> int:
    folder.mkdir(exist_ok=True)
    argv = [sys.executable, "-S", "-c", PREAMBLE + code]
    return supervisor.spawn(argv, env={**os.environ, **env}, cwd=folder, log=folder / "log")


def run_shell(supervisor: Supervisor, folder: Path, script: str, **env: str) -> str:
    log = folder / "shell.log"
    pid = supervisor.spawn(["sh", "-c", script], env={"PATH": os.environ["PATH"], **env}, cwd=folder, log=log)
    assert until(lambda: supervisor.status(pid) is not None)
    return log.read_text()


@pytest.mark.parametrize(("code", "count"), EVASIONS.values(), ids=EVASIONS)
def test_end_leaves_nothing_of(code: str, count: int, supervisor: Supervisor, tmp_path: Path) -> None:
    pid = spawn(supervisor, tmp_path, code)
    assert settled(tmp_path, count)
    supervisor.end(pid)
    assert inhabitants(tmp_path) == set()


def test_end_finds_children_of_one_that_died_at_once(supervisor: Supervisor, tmp_path: Path) -> None:
    pid = spawn(supervisor, tmp_path, "daemon(); os._exit(7)")
    assert until(lambda: supervisor.status(pid) is not None)
    assert settled(tmp_path, 1)
    supervisor.end(pid)
    assert inhabitants(tmp_path) == set()
    assert supervisor.status(pid) == 7


@pytest.mark.parametrize("code", ["os.fork(); stay()", "daemon(); stay()"], ids=["children", "daemon"])
@pytest.mark.parametrize("orphaned", [False, True], ids=["", "orphaned"])
def test_end_spares_another_spawns(code: str, orphaned: bool, supervisor: Supervisor, tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    pids = {folder: spawn(supervisor, folder, code) for folder in (mine, other)}
    assert settled(mine, 2)
    assert settled(other, 2)
    spared = set(staying(other))
    if orphaned:
        supervisor.signal(pids[other], signal.SIGKILL)
        assert until(lambda: supervisor.status(pids[other]) is not None)
        spared.remove(pids[other])
    supervisor.end(pids[mine])
    assert inhabitants(mine) == set()
    assert inhabitants(other) == spared
    supervisor.end(pids[other])
    assert inhabitants(other) == set()


def test_end_twice_keeps_the_status(supervisor: Supervisor, tmp_path: Path) -> None:
    pid = spawn(supervisor, tmp_path, "stay()")
    supervisor.end(pid)
    supervisor.end(pid)
    assert supervisor.status(pid) == -signal.SIGKILL
    assert not supervisor.signal(pid, signal.SIGKILL)


def test_signal_reaches_the_spawned_alone(supervisor: Supervisor, tmp_path: Path) -> None:
    pid = spawn(supervisor, tmp_path, "os.fork(); stay()")
    assert settled(tmp_path, 2)
    assert supervisor.status(pid) is None
    assert supervisor.signal(pid, signal.SIGTERM)
    assert until(lambda: supervisor.status(pid)) == -signal.SIGTERM
    assert len(inhabitants(tmp_path)) == 1
    assert not supervisor.signal(pid, signal.SIGTERM)


def test_a_spawn_leads_its_own_session(supervisor: Supervisor, tmp_path: Path) -> None:
    pid = spawn(supervisor, tmp_path, "stay()")
    assert os.getsid(pid) == pid
    assert psutil.Process(pid).ppid() == supervisor.pid


def test_strangers_are_refused(supervisor: Supervisor) -> None:
    for request in (supervisor.end, supervisor.status, lambda pid: supervisor.signal(pid, signal.SIGKILL)):
        with pytest.raises(InstrumentError, match="was not spawned by this supervisor"):
            request(os.getpid())


def test_orphans_are_buried(supervisor: Supervisor, tmp_path: Path) -> None:
    run_shell(supervisor, tmp_path, "(sleep 0.01 &)")
    assert until(lambda: psutil.Process(supervisor.pid).children() == [])


def test_output_is_appended_to_the_log(supervisor: Supervisor, tmp_path: Path) -> None:
    run_shell(supervisor, tmp_path, "echo out")
    assert run_shell(supervisor, tmp_path, "echo error >&2; cat") == "out\nerror\n"


def test_the_environment_is_the_one_given(supervisor: Supervisor, tmp_path: Path) -> None:
    names = run_shell(supervisor, tmp_path, 'tr "\\0" "\\n" </proc/self/environ', GIVEN="é").splitlines()
    assert {name.partition("=")[0] for name in names} - {"PWD"} == {"PATH", "GIVEN", "POOLPROOF_SPAWN"}
    assert "GIVEN=é" in names


def test_signals_are_as_in_a_fresh_shell_even_under_nohup(tmp_path: Path) -> None:
    before = {signum: signal.signal(signum, signal.SIG_IGN) for signum in (signal.SIGHUP, signal.SIGINT)}
    try:
        with Supervisor("test") as supervisor:
            ignored = run_shell(supervisor, tmp_path, "grep SigIgn /proc/self/status")
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
    assert int(ignored.split()[1], 16) == 0


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("no-such-server", "no-such-server: command not found; install it"),
        ("/no/such/server", "/no/such/server: command not found; install it"),
        ("./log", "./log: cannot be run: Permission denied; see that it is"),
    ],
)
def test_a_command_that_cannot_run(command: str, says: str, supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=says) as raised:
        supervisor.spawn([command], env={"PATH": os.environ["PATH"]}, cwd=tmp_path, log=tmp_path / "log")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("cwd", "log"), [("missing", "log"), (".", "missing/log")])
def test_a_folder_that_is_missing_is_an_instrument_error(
    cwd: str, log: str, supervisor: Supervisor, tmp_path: Path
) -> None:
    with pytest.raises(InstrumentError, match=r"cannot start true: .*missing.*: No such file"):
        supervisor.spawn(["true"], env={}, cwd=tmp_path / cwd, log=tmp_path / log)


def test_a_spawn_cut_by_the_wall_is_abandoned(supervisor: Supervisor, tmp_path: Path) -> None:
    other = spawn(supervisor, tmp_path / "other", "stay()")
    os.kill(supervisor.pid, signal.SIGSTOP)
    with pytest.raises(Void), wall(0.05):
        spawn(supervisor, tmp_path / "cut", "stay()")
    os.kill(supervisor.pid, signal.SIGCONT)
    assert supervisor.status(other) is None  # and not the late answer to the request before
    assert inhabitants(tmp_path / "cut") == set()


def test_only_the_end_of_the_run_ends_the_supervisor(supervisor: Supervisor, tmp_path: Path) -> None:
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        os.kill(supervisor.pid, signum)
    assert run_shell(supervisor, tmp_path, "echo alive") == "alive\n"


def test_close_leaves_nothing_and_may_come_twice(tmp_path: Path) -> None:
    supervisor = Supervisor("test")
    for code, _ in EVASIONS.values():
        spawn(supervisor, tmp_path, code)
    supervisor.close()
    assert inhabitants(tmp_path) == set()
    assert table.look(supervisor.pid) is None
    supervisor.close()
    with pytest.raises(InstrumentError, match="is closed"):
        supervisor.status(1)


def test_a_supervisor_that_was_killed_is_a_fault_of_the_instrument() -> None:
    told = Supervisor("test")
    os.kill(told.pid, signal.SIGKILL)
    with pytest.raises(RunLost, match="the supervisor is gone, exit status 137"):
        told.status(1)
    told.close()  # which does not raise it again
    untold = Supervisor("test")
    os.kill(untold.pid, signal.SIGKILL)
    with pytest.raises(RunLost, match="the supervisor is gone, exit status 137"):
        untold.close()


def test_what_a_killed_supervisor_leaves_is_ended(tmp_path: Path) -> None:
    supervisor = Supervisor("test")
    with Supervisor("other") as other:
        spared = spawn(other, tmp_path / "other", "stay()")
        folder = supervisor.make_folder()
        for code, _ in EVASIONS.values():
            spawn(supervisor, tmp_path / "left", code)
        assert settled(tmp_path / "left", sum(count for _, count in EVASIONS.values()))
        os.kill(supervisor.pid, signal.SIGKILL)
        with pytest.raises(RunLost):
            supervisor.close()
        assert inhabitants(tmp_path / "left") == set()
        assert not folder.exists()
        assert other.status(spared) is None


def test_a_supervisor_that_is_killed_while_it_spawns_leaves_nothing(tmp_path: Path) -> None:
    supervisor = Supervisor("test")
    killer = Timer(0.3, os.kill, (supervisor.pid, signal.SIGKILL))
    killer.start()
    codes = itertools.cycle(code for code, _ in EVASIONS.values())
    with pytest.raises(RunLost):
        all(spawn(supervisor, tmp_path, code) for code in codes)
    supervisor.close()
    assert inhabitants(tmp_path) == set()


def test_a_supervisor_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    supervisor = Supervisor("test")
    spawn(supervisor, tmp_path, "stay()")
    assert settled(tmp_path, 1)
    os.kill(supervisor.pid, signal.SIGSTOP)
    monkeypatch.setattr("poolproof.host.supervisor.client.ANSWER_WITHIN", 0.1)
    monkeypatch.setattr("poolproof.host.supervisor.client.ENDS_WITHIN", 0.1)
    with pytest.raises(RunLost, match="the supervisor gave no answer within"):
        supervisor.close()
    assert inhabitants(tmp_path) == set()


def test_what_python_loads_at_its_start_may_print(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; print('hello', sys.stdin.read())")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Supervisor("test") as supervisor:
        assert run_shell(supervisor, tmp_path, "echo alive") == "alive\n"


def test_a_folder_that_cannot_be_made_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, supervisor: Supervisor
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(BadInput) as raised:
        supervisor.make_folder()
    assert str(raised.value) == (
        f"{tmp_path}/missing: no folder can be made there: No such file or directory; "
        "free some space, or set TMPDIR"
    )


@pytest.mark.parametrize(
    ("processes", "belongs"),
    [
        pytest.param("10<9 s10, 11<10 s10", {10: 10, 11: 10}, id="a tree"),
        pytest.param("11<9 s10, 12<11 s12", {11: 10, 12: 10}, id="an orphan keeps its session"),
        pytest.param("70<9 s70, 71<70 s70", {70: 20, 71: 20}, id="a daemon has its mark"),
        pytest.param("80<9 s80", {80: None}, id="a daemon without a trace"),
        pytest.param("10<9 s10, 20<9 s20, 21<20 s20", {10: 10, 20: 20, 21: 20}, id="two spawns"),
        pytest.param("1<0 s1, 9<1 s9, 50<1 s50", {}, id="strangers"),
        pytest.param("50<51 s50, 51<50 s50", {}, id="a circle"),
    ],
)
def test_whose_a_process_is(processes: str, belongs: dict[int, int | None]) -> None:
    rows = [row.strip().replace("<", " ").replace("s", "").split() for row in processes.split(",")]
    seen = {int(pid): Process(int(pid), int(parent), 0, int(session)) for pid, parent, session in rows}
    assert table.owners(seen, 9, {10, 20}, {70: 20}.get) == belongs
