"""A run that ends early: finished trials are kept, one line says why, and nothing is left."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from poolproof.host.broker.server import connect
from poolproof.host.waiting import until
from poolproof.report.read.reader import read
from tests.attempts import WITHIN, Attempt, amid_the_second_trial, attempt
from tests.brokers import SECRET, locked
from tests.house import build
from tests.mounts import mounted


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("house"))


def finished(made: Attempt) -> int:
    """How many trials a reader finds in the record."""
    assert made.record
    return len(read(made.record, unfinished=True).trials)


def test_a_killed_run_leaves_no_process_and_what_is_finished(house: Path, tmp_path: Path) -> None:
    made = amid_the_second_trial(house, tmp_path, "--broker-from", "wheel")
    before = made.left()
    assert all(any(part in line for line in before) for part in ("supervisor", "redis-server", "celery"))
    made.process.kill()
    assert made.end() == -signal.SIGKILL
    assert until(lambda: not made.left(), WITHIN), made.left()
    assert not [each for each in (tmp_path / "attempt" / "tmp").glob("poolproof-*") if each.is_dir()]
    assert finished(made) == 1
    assert made.lines("footer") == []


def test_a_killed_supervisor_gets_one_line_and_leaves_nothing(house: Path, tmp_path: Path) -> None:
    made = amid_the_second_trial(house, tmp_path, "--broker-from", "wheel")
    (watcher,) = (
        each
        for each in psutil.Process(made.process.pid).children()
        if "poolproof.host.supervisor" in str(each.cmdline())
    )
    (supervisor,) = watcher.children()
    supervisor.kill()
    made.release()
    status = made.end()
    (footer,) = made.lines("footer")
    (line,) = (line for line in made.output.splitlines() if "the supervisor" in line)
    assert line.strip("! ") == (
        "Interrupted: the supervisor is gone, exit status 137; "
        "the run ends here, and its finished trials are kept"
    )
    assert status == footer["exit"] == 2
    assert finished(made) >= 1
    assert "Traceback" not in made.output
    assert made.left() == []
    assert not [each for each in (made.folder / "tmp").glob("poolproof-*") if each.is_dir()]


def test_a_lost_broker_gets_one_line_and_keeps_what_is_finished(house: Path, tmp_path: Path) -> None:
    with locked(tmp_path) as (url, pid):
        made = amid_the_second_trial(house, tmp_path, "--broker-url", url)
        os.kill(pid, signal.SIGKILL)
        status = made.end()
    (footer,) = made.lines("footer")
    (line,) = (line for line in made.output.splitlines() if "no broker" in line)
    shown = url.replace(SECRET, "***").removesuffix("/0")
    assert line.strip("! ").startswith(f"Interrupted: no broker: {shown}: Error 111 connecting to 127.0.0.1")
    assert line.strip("! ").endswith("; the run ends here, and its finished trials are kept")
    assert status == footer["exit"] == 2
    assert footer["missing"] > 0
    assert made.lines("trial")[0]["outcome"] == "satisfied"
    assert "Traceback" not in made.output
    assert SECRET not in made.output + made.record_text
    assert made.left() == []


def test_workers_that_cannot_record_are_not_blamed(house: Path, tmp_path: Path) -> None:
    (tmp_path / "attempt").mkdir()
    with mounted(tmp_path / "attempt" / "tmp", "size=80m") as disk:
        made = amid_the_second_trial(house, tmp_path, "--broker-from", "wheel")
        (disk / "filler").write_bytes(bytes(72 * 2**20))
        made.release()
        status = made.end()
    (line,) = (line for line in made.output.splitlines() if "are free" in line)
    assert line.strip("! ").startswith(f"Interrupted: {disk}/poolproof-")
    assert line.strip("! ").endswith("because workers record there; free some space, or set TMPDIR")
    (footer,) = made.lines("footer")
    assert status == footer["exit"] == 2
    assert finished(made) == 1
    assert "Traceback" not in made.output
    assert made.left() == []


@pytest.mark.parametrize(
    ("size", "claim", "what"),
    [("8k", "stands", "record.jsonl"), ("12k", "lies", "evidence")],
    ids=["record", "evidence"],
)
def test_a_full_disk_gets_one_line_and_keeps_what_is_finished(
    house: Path, tmp_path: Path, size: str, claim: str, what: str
) -> None:
    with mounted(tmp_path / "disk", f"size={size}") as disk:
        made = attempt(
            house, tmp_path / "attempt", "--pool", "solo", "--broker-from", "wheel", "-k", claim, results=disk
        )
        status = made.end()
        (line,) = (line for line in made.output.splitlines() if "cannot be written" in line)
        assert finished(made) >= 1
    assert line.strip("! ").startswith(f"Interrupted: {disk}/")
    assert what in line
    assert line.strip("! ").endswith("free some space, and run again")
    assert status == 2
    assert "Traceback" not in made.output
    assert made.left() == []


def test_a_folder_that_is_too_small_is_refused_before_anything_is_started(
    house: Path, tmp_path: Path
) -> None:
    (tmp_path / "attempt").mkdir()
    with mounted(tmp_path / "attempt" / "tmp", "size=40m"):
        made = attempt(
            house, tmp_path / "attempt", "--pool", "solo", "--broker-from", "wheel", "-k", "answers"
        )
        assert made.end() == pytest.ExitCode.USAGE_ERROR
        assert made.left() == []
    (line,) = made.errors
    assert "MiB are free of the 64 that are needed, because workers record there; free some space, or" in line
    assert made.workers_started == []
    assert not any("redis-server" in started for started in made.started)
    assert made.record is None


def test_a_killed_run_leaves_nothing_in_the_users_databases(house: Path, tmp_path: Path) -> None:
    with locked(tmp_path) as (url, _), connect(url) as client:
        with connect(f"{url.removesuffix('0')}9") as other:
            other.set("mine", 1)
        made = amid_the_second_trial(house, tmp_path, "--broker-url", url)
        assert set(client.info("keyspace")) - {"db9"}
        made.process.kill()
        assert made.end() == -signal.SIGKILL
        assert until(lambda: set(client.info("keyspace")) == {"db9"})
        assert other.get("mine") == b"1"
