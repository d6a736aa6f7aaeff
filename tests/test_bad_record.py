"""What `python -m publish` says of a record that it cannot use: one line, exit status 2, and no table."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import ROOT
from tests.records import Draft, Line, rewrite

BAD_INPUT = 2
Spoil = Callable[[Path], object]


def cut(record: Path) -> None:
    record.write_bytes(record.read_bytes()[:-30])


def doubled(lines: list[Line]) -> list[Line]:
    cell = next(line for line in lines if line["record"] == "cell")
    return [*lines[:-1], cell, lines[-1]]


CASES: dict[str, tuple[Spoil, str]] = {
    "no-footer": (
        lambda record: rewrite(record, lambda lines: lines[:-1]),
        "has no footer, so the run was cut; run it again, or see its ",
    ),
    "half-a-line": (cut, "ends with half a line, so the run was cut; run it again, or see its "),
    "doubled-cell": (
        lambda record: rewrite(record, doubled),
        " is there twice; a record is not edited, run it again",
    ),
    "newer-schema": (
        lambda record: rewrite(record, lambda lines: lines[0].update(schema=99)),
        "schema 99 is newer than 1, all that this Poolproof reads; update it",
    ),
}


@pytest.mark.parametrize("fault", CASES)
def test_a_bad_record_gets_one_line_and_no_table(tmp_path: Path, fault: str) -> None:
    spoil, words = CASES[fault]
    record = Draft("solo").write(tmp_path)
    spoil(record)
    command = [sys.executable, "-m", "publish", str(record)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    (line,) = made.stderr.splitlines()
    assert line.startswith(f"publish: {record}: ")
    assert words in line
    assert made.stdout == ""
    assert made.returncode == BAD_INPUT
