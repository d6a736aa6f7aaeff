"""A run that is interrupted ends in order: its table, its summary and its footer are there."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from poolproof.host.turns import usual
from poolproof.host.waiting import until
from poolproof.report.read.reader import read
from tests.attempts import WITHIN, Attempt, amid_the_second_trial
from tests.house import ROOT, build
from tests.toml_samples import spoilt

WHEEL = ("--broker-from", "wheel")
PLANNED = 4
"""Three cells of solo that are run, and one that is left out."""
TOX = ROOT / ".tox" / ".toxw" / "bin" / "tox"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("house"))


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A shell's background job ignores SIGINT, and so do its children, unless one of them sets a handler."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def ended_in_order(made: Attempt) -> None:
    """Check that the run closed its record, printed its summary, and left no process."""
    assert made.record
    (footer,) = made.lines("footer")
    assert len(read(made.record, unfinished=True).trials) == 1
    assert footer["cells"] + footer["missing"] == PLANNED
    assert footer["missing"] > 0
    assert made.end() == footer["exit"] > 0
    assert " what was found " in made.output
    assert "KeyboardInterrupt" in made.output
    assert "Traceback" not in made.output
    assert made.left() == []


def test_an_interrupt_keeps_what_is_finished_and_ends_with_what_the_footer_says(
    house: Path, tmp_path: Path
) -> None:
    made = amid_the_second_trial(house, tmp_path, *WHEEL)
    made.process.send_signal(signal.SIGINT)
    made.end()
    ended_in_order(made)
    assert [each.name for each in (made.folder / "tmp").iterdir()] == [usual().name]


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_further_interrupts_cut_nothing_short(signum: int, house: Path, tmp_path: Path) -> None:
    made = amid_the_second_trial(house, tmp_path, *WHEEL)

    def insist() -> bool:
        made.process.send_signal(signum)
        return made.ended

    assert until(insist, WITHIN, every=0.02)
    ended_in_order(made)


@pytest.mark.skipif(not TOX.exists(), reason="tox is not there; ./toxw makes it")
def test_an_interrupt_of_tox_reaches_the_run_once(house: Path, tmp_path: Path) -> None:
    made = amid_the_second_trial(house, tmp_path, *WHEEL, command=under_tox(house))
    os.killpg(made.process.pid, signal.SIGINT)  # as a terminal does it
    made.end()
    ended_in_order(made)


def under_tox(house: Path) -> list[str]:
    """The command of a run under tox with this Python, which has all requirements of a run."""
    ours = f"allowlist_externals = *\ncommands = {sys.executable} -m pytest -c"
    text = spoilt((ROOT / "tox.ini").read_text(), "commands = python -m pytest -c", ours)
    text = spoilt(text, "commands_pre = ", "commands_pre = # ")  # nothing is installed
    (house / "tox.ini").write_text(text)
    return [str(TOX), "run", "--skip-env-install", "-e", "solo-redis", "--"]
