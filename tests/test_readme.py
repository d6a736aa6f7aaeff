"""The README: each command that it names is run somewhere, and each number is in the published record."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from poolproof.model.cells import POOLS
from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.say import crash_table
from poolproof.report.say.overview import overview
from tests.house import ROOT
from tests.markdown import rows, shown
from tests.records import DOCUMENTS, Draft
from tests.test_workflow import environments, tox_command
from tools.side_by_side.__main__ import OURS

README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
CI = (ROOT / ".ci" / "run").read_text()


def commands() -> list[str]:
    """The commands of the README, in text and in blocks."""
    blocks = re.findall(r"^(\./toxw [^#\n]*?) *(?:#.*)?$", README, re.MULTILINE)
    return sorted({*blocks, *re.findall(r"`(\./toxw [^`]*)`", README)})


def run_by_ci() -> set[str]:
    """The environments that `.ci/run` runs: those of its lists, and those of its steps."""
    listed = re.findall(r"^(?:environments|measuring)=\(([^)]*)\)", CI, re.MULTILINE)
    return {*" ".join(listed).split(), *re.findall(r"^step \S+ \./toxw -e (\S+)", CI, re.MULTILINE)}


def test_the_readme_names_commands() -> None:
    assert {"./toxw -e prefork-redis", "./toxw -e tests", "./toxw l"} <= set(commands())


@pytest.mark.parametrize("command", commands())
def test_each_command_is_run(command: str, tmp_path: Path) -> None:
    match shlex.split(command):
        case ["./toxw", "l"]:
            assert "step list ./toxw l\n" in CI
        case ["./toxw", "-e", environment]:
            assert environment in environments()
            assert environment in run_by_ci()
        case ["./toxw", "-e", environment, "--", *options] if environment.endswith("-redis"):
            pool, server = environment.split("-")
            given = shlex.join([*options, "--collect-only", "-q"])
            assert f"[{pool}-c" in done(tox_command("testenv", POOL=pool, SERVER=server, posargs=given))
        case ["./toxw", "-e", "tables", "--", *options]:
            record = Draft(documents=DOCUMENTS).write(tmp_path)
            here = [option.replace("FOLDER", str(tmp_path / "pages")) for option in options]
            done([*tox_command("testenv:tables", posargs=shlex.join(here)), str(record)])
            assert (tmp_path / "pages" / "coverage.md").exists()
        case _:
            pytest.fail(f"{command}: nothing runs it")


def done(command: list[str]) -> str:
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


def test_each_option_is_known() -> None:
    named = set(re.findall(r"-- (--[a-z-]+)|`(--broker-[a-z]+)", README))
    files = ("poolproof/run/option_table.py", "poolproof/report/__main__.py")
    known = "".join((ROOT / file).read_text() for file in files)
    assert named
    for option in {option for pair in named for option in pair if option}:
        assert f'"{option}"' in known


def test_side_by_side_measures_one_cell() -> None:
    """A selection of two cells, or of none, measures something else."""
    collected = done([sys.executable, *OURS[1:], "-c", "pyproject.toml", "--collect-only", "-qq"])
    assert re.search(r"= 1/\d+ tests collected", collected), collected


def test_the_function_that_it_shows_is_that_of_the_suites() -> None:
    (shown,) = re.findall(r"```python\n( *@pytest.mark.claim.*?)```", CONTRIBUTING, re.DOTALL)
    suites = "".join(path.read_text() for path in sorted((ROOT / "suites").glob("test_*.py")))
    assert dedent(shown) in suites


@pytest.fixture(scope="module")
def published() -> Joined:
    """The runs that the README links to."""
    (folder,) = {ROOT / name for name in re.findall(r"\((results/[^/)]+)/", README)}
    return join([read(record) for record in sorted(folder.glob("*/record.jsonl"))])


def told(text: str) -> Iterator[list[str]]:
    """The rows of a table, each without its first cell, and without the line below the head."""
    return (row for head, row in rows(text).items() if not head.startswith("--"))


def test_the_table_of_subjects_is_that_of_the_published_run(published: Joined) -> None:
    here = README[README.index("| subject |") : README.index("| all |")] + README[README.index("| all |") :]
    mine = here.split("\n\n")[0]
    assert list(told(mine)) == list(told(shown([overview(published)]))), shown([overview(published)])


def test_the_table_of_crashes_is_that_of_the_published_run(published: Joined) -> None:
    table = shown(crash_table.section(published)).split("\n\n")[1]
    squeezed = re.sub(r" *\| *", "|", table)
    assert squeezed.strip() in re.sub(r" *\| *", "|", README), table


def test_the_readme_names_the_versions_of_the_published_run(published: Joined) -> None:
    header = published.header
    text = " ".join(README.split())
    for name in ("celery", "kombu", "billiard"):
        assert f"{name} {header.versions[name]}" in text.lower()
    assert f"Redis {header.broker.version}" in text
    assert f"So far {len(published.claims)} claims" in text
    numpy = re.search(r"NumPy (\d\S+)", text)
    assert numpy is None or numpy[1] == next(
        run.header.versions["numpy"] for run in published.runs if "numpy" in run.header.versions
    )


def test_the_readme_says_how_long_each_pool_took(published: Joined) -> None:
    text = " ".join(README.split())
    for run in published.runs:
        assert run.footer
        pool = run.environment.partition("-")[0]
        assert pool in POOLS
        assert f"{run.footer.seconds:.0f} s in {pool}" in text
