"""The wheel: it declares the libraries that it imports, and `poolproof` works from an empty folder."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from click.testing import CliRunner

from poolproof.cli.main import main
from tests.house import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT, GROUPS = PYPROJECT["project"], PYPROJECT["dependency-groups"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
CARRIED = ("conftest.py", "matrix.toml", "probes", "pyproject.toml", "results/schema.json", "suites")
NOT_IMPORTED = {"pytest-benchmark"}
"""pytest loads it by its entry point."""
CLAIM = "topology.solo-single-process-and-thread"


def distribution(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement)[0].lower()


def distributions(requirements: Iterable[str]) -> set[str]:
    return {distribution(each) for each in requirements}


def files(*places: str) -> list[Path]:
    roots = [ROOT / place for place in places]
    found = [file for root in roots for file in (root.rglob("*") if root.is_dir() else [root])]
    return [file for file in found if file.is_file() and file.suffix != ".pyc"]


def imported() -> set[str]:
    """The top-level modules that the files of the wheel import, without those of Python and our own."""
    sources = [file for file in files("poolproof", *CARRIED) if file.suffix == ".py"]
    ours = {"poolproof", "probes", "suites", *(path.stem for path in (ROOT / "probes/projects").iterdir())}
    names: set[str] = set()
    for node in (node for file in sources for node in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - ours


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    carrying = packages_distributions()
    needed = {name.lower() for module in imported() for name in carrying[module]}
    declared = distributions([*PROJECT["dependencies"], *EXTRAS["plots"]])
    assert needed == declared - NOT_IMPORTED


def test_a_requirement_stands_in_one_place() -> None:
    nowhere_else = [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)]
    grouped = [each for part in GROUPS.values() for each in part if isinstance(each, str)]
    names = [distribution(each) for each in (*nowhere_else, *grouped)]
    assert sorted(names) == sorted(set(names))
    assert GROUPS["build"] == PYPROJECT["build-system"]["requires"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_one_package_and_the_rest_as_its_data(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {str(file.relative_to(ROOT)) for file in files("poolproof")}
    data = {f"poolproof/data/{file.relative_to(ROOT)}" for file in files(*CARRIED)}
    assert names == package | data
    assert "poolproof/py.typed" in names


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment that has the wheel, and the libraries of this environment."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    python = folder / "bin" / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, str(wheel)], check=True)
    return folder / "bin"


def test_a_claim_is_put_and_reported_from_an_empty_folder(programs: Path, tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))
    }

    def poolproof(*words: str) -> str:
        done = subprocess.run(
            [programs / "poolproof", *words],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    shown = poolproof("run", "--pool", "solo", "-k", f"{CLAIM} and c1")
    assert "HOLDS (as documented)" in shown
    assert "warning" not in shown
    assert [path.name for path in tmp_path.iterdir()] == ["poolproof-results"]
    (record,) = tmp_path.glob("poolproof-results/2*/record.jsonl")
    cells = [line for line in map(json.loads, record.read_text().splitlines()) if line["record"] == "cell"]
    assert [cell["repeat"].partition(" -k")[0] for cell in cells] == [
        "poolproof run --pool solo --server redis"
    ]
    assert CLAIM in poolproof("report", "poolproof-results/latest")


def test_the_command_refuses_a_run_without_a_pool() -> None:
    done = CliRunner().invoke(main, ["run"])
    assert done.exit_code == 2
    assert "Missing option '--pool'" in done.output
