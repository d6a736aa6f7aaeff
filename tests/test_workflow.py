"""GitHub's workflows, without GitHub: the commands of their steps exist, and do what the steps need."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from poolproof.model.cells import POOLS
from tests.records import DOCUMENTS, Draft

ROOT = Path(__file__).parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
TOX = ConfigParser(interpolation=None)
TOX.read(ROOT / "tox.ini")

Job = dict[str, Any]


def jobs(workflow: str) -> dict[str, Job]:
    loaded: dict[str, dict[str, Job]] = yaml.safe_load((WORKFLOWS / workflow).read_text())
    return loaded["jobs"]


def fillings(job: Job) -> Iterator[dict[str, str]]:
    """Each combination of the values of a job's matrix."""
    matrix = job.get("strategy", {}).get("matrix", {})
    return (dict(zip(matrix, values, strict=True)) for values in product(*matrix.values()))


def filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"${{{{ matrix.{name} }}}}", value)
    assert "${{" not in text, f"only a matrix is filled in here: {text}"
    return text


def scripts() -> list[str]:
    """The commands of all steps, once for each combination of the matrix."""
    return [
        filled(step["run"], values)
        for path in sorted(WORKFLOWS.iterdir())
        for job in jobs(path.name).values()
        for values in fillings(job)
        for step in job["steps"]
        if "run" in step
    ]


def lines() -> list[str]:
    return [line for script in scripts() for line in script.splitlines()]


def environments() -> set[str]:
    """The environments that `./toxw l` lists: those of the list, and those that only have a section."""
    listed = {section.removeprefix("testenv:") for section in TOX if section.startswith("testenv:")}
    for line in TOX["tox"]["env_list"].split():
        parts = re.split(r"\{(.*?)\}", line)
        choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
        listed.update(map("".join, product(*choices)))
    return listed


def step(job: str, name: str) -> Any:
    return next(step for step in jobs("nightly.yml")[job]["steps"] if step.get("name") == name)


def transfer(tree: Path, to: Path) -> None:
    """Copy the files that a pool's job keeps to the tables' job, with their names from the wildcard on."""
    folder = to / step("tables", "have the records")["with"]["path"]
    for run in tree.glob(step("pool", "keep the record")["with"]["path"]):
        shutil.copytree(run, folder / run.name)


def tox_command(environment: str, **values: str) -> list[str]:
    """The command of an environment, with this Python, and with `posargs` for what follows `--`."""
    command = TOX[environment]["commands"]
    for name, value in values.items():
        command = re.sub(rf"\{{(env:)?{name}(:\w+)?\}}", value, command)
    program, *arguments = shlex.split(command)
    assert program == "python"
    return [sys.executable, *arguments]


def stand_in_for_toxw(path: Path, *environments: str) -> None:
    """Write a `toxw` that makes no environment: it runs the command that tox would run in one of these."""
    cases = (
        f'{name}) shift 3; exec {shlex.join(tox_command(f"testenv:{name}", posargs=""))} "$@";;'
        for name in environments
    )
    path.write_text("\n".join(("#!/bin/sh", 'case "$2" in', *cases, "*) exit 9;;", "esac\n")))
    path.chmod(0o755)


def test_nightly_runs_every_pool() -> None:
    assert {values["pool"] for values in fillings(jobs("nightly.yml")["pool"])} == set(POOLS)


@pytest.mark.parametrize("line", sorted(set(lines())))
def test_each_line_is_a_command_that_is_known_here(line: str) -> None:
    match shlex.split(line):
        case ["./toxw", "-e", environment, *_]:
            assert environment in environments()
        case [command, *_] if "/" in command:
            assert os.access(ROOT / command, os.X_OK)
        case [command, *_]:
            assert command in ("mkdir", "cat")


@pytest.mark.parametrize("line", [line for line in lines() if "-redis" in line])
def test_each_pool_takes_the_options_of_the_night(line: str) -> None:
    """Its options are checked as in a nightly run, before anything is collected; no test is run."""
    _, _, environment, _, *options = shlex.split(line)
    pool, server = environment.split("-")
    command = tox_command("testenv", POOL=pool, SERVER=server, posargs=shlex.join(options))
    done = subprocess.run(
        [*command, "--collect-only", "-q"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"[{pool}-c" in done.stdout


def test_the_records_of_the_pools_become_one_comparison(tmp_path: Path) -> None:
    """The step runs as it is written, and writes the files that are kept."""
    for pool in ("prefork", "gevent"):
        run = Draft(pool=pool, documents=DOCUMENTS).write(tmp_path / pool / "results" / "local").parent
        (run.parent / "latest").symlink_to(run.name)
        transfer(tmp_path / pool, tmp_path)
    stand_in_for_toxw(tmp_path / "toxw", "tables", "plots")
    summary = tmp_path / "step-summary.md"
    done = subprocess.run(
        ["bash", "-e", "-c", step("tables", "join the records")["run"]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GITHUB_STEP_SUMMARY": str(summary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "passed over" not in done.stderr
    kept = tmp_path / step("tables", "keep the comparison")["with"]["path"]
    for page in summary, kept / "README.md":
        assert re.search(r"\|.*prefork.*\|.*gevent.*\|", page.read_text())
    (plot,) = kept.glob("*.svg")
    assert plot.name in (kept / "README.md").read_text()
    for page in "coverage.md", *(f"corrections-{document.id}.md" for document in DOCUMENTS):
        assert (kept / page).read_text()
    assert plot.name not in summary.read_text(), "a summary shows no file of the machine that wrote it"
