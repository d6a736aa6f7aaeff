"""No record, log, evidence, table or terminal shows the password in a broker's address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from poolproof.report.__main__ import main
from tests.attempts import Attempt, attempt
from tests.brokers import SECRET, locked
from tests.house import build

FORMS = {SECRET, quote(SECRET, safe="")}
TALKATIVE = ("-vv", "--showlocals", "--full-trace", "-rA", "--durations=0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secret")


@pytest.fixture(scope="module")
def passing_and_failing(folder: Path) -> Iterator[tuple[Attempt, Attempt]]:
    """Two complete runs on a server with a password; the second has a refuted claim and one that fails."""
    house = build(folder / "house")
    with locked(folder) as (url, _):
        options = ("--pool", "solo", *TALKATIVE, "--broker-url")
        passing = attempt(house, folder / "passing", *options, url, "-k", "answers and solo-c1")
        # In databases of its own, because neither run may find a key that the other has not yet removed.
        url = f"{url.removesuffix('/0')}/8"
        failing = attempt(house, folder / "failing", *options, url, "-k", "(lies or breaks) and solo-c1")
        passing.end()
        failing.end()
        yield passing, failing


def shown(made: Attempt) -> Iterator[tuple[Path, str]]:
    """All that the run wrote: its files, the terminal's output and the command lines that it started."""
    for path in made.folder.rglob("*"):
        if path.is_file():
            yield path, path.read_text(errors="replace")


def test_the_runs_came_to_their_ends(passing_and_failing: tuple[Attempt, Attempt]) -> None:
    passing, failing = passing_and_failing
    assert [made.process.returncode for made in passing_and_failing] == [0, 2]
    assert [line["verdict"] for line in passing.lines("cell") if line["trials"]] == ["holds"]
    assert [line["verdict"] for line in failing.lines("cell") if line["trials"]] == ["refuted"]
    assert "RuntimeError: the house breaks" in failing.output
    assert list(failing.results.glob("*/evidence/house.lies/*/w1.log")), "no evidence, so nothing is shown"


def test_nothing_that_a_run_leaves_shows_the_password(passing_and_failing: tuple[Attempt, Attempt]) -> None:
    kept = {path.name for made in passing_and_failing for path, _ in shown(made)}
    assert kept >= {"output", "started", "record.jsonl", "w1.log"}
    found = [
        path for made in passing_and_failing for path, text in shown(made) if any(f in text for f in FORMS)
    ]
    assert found == []


def test_no_table_shows_the_password(
    passing_and_failing: tuple[Attempt, Attempt], capsys: pytest.CaptureFixture[str]
) -> None:
    for made in passing_and_failing:
        main([str(made.record), "--unfinished"])
    said = capsys.readouterr()
    assert "house.lies" in said.out
    assert not any(form in said.out + said.err for form in FORMS)
