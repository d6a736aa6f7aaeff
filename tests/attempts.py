"""Attempts at a run, made as a user makes them: another process, with options, observed only from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from poolproof.host.waiting import until

SPY = Path(__file__).parent / "spy"
ENDS_WITHIN = 60.0
WITHIN = 60.0
SOLO = ("--pool", "solo", "-k", "waits")
PYTEST = (sys.executable, "-m", "pytest", "-c", "pyproject.toml", "suites", "-p", "pytest_benchmark.plugin")
"""As in tox.ini; it names the one plugin to load, because the others take long to load."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of pytest on a house; its files are below `folder`."""

    process: subprocess.Popen[bytes]
    folder: Path
    results: Path

    def end(self) -> int:
        """Wait for the end of the run; returns its exit status."""
        try:
            return self.process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the run did not end: {self.output}") from None

    @property
    def ended(self) -> bool:
        """Whether the process of the run has ended."""
        return self.process.poll() is not None

    @property
    def output(self) -> str:
        """What the terminal has shown so far."""
        return (self.folder / "output").read_text(errors="replace")

    @property
    def errors(self) -> list[str]:
        """What pytest prints as usage errors; in a file, its own `collecting ...` may stand before one."""
        marked = (line.partition("ERROR: ") for line in self.output.splitlines())
        return [sign + text for _, sign, text in marked if sign]

    @property
    def started(self) -> list[str]:
        """The command lines of everything that was started."""
        path = self.folder / "started"
        return path.read_text(errors="replace").splitlines() if path.exists() else []

    @property
    def workers_started(self) -> list[str]:
        """The command lines of the workers among it."""
        return [line for line in self.started if "-m celery" in line]

    @property
    def record(self) -> Path | None:
        """The record of the run, as soon as there is one."""
        return next(self.results.glob("[0-9]*/record.jsonl"), None)

    @property
    def record_text(self) -> str:
        """The record so far; empty when there is none."""
        return self.record.read_text() if self.record else ""

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """The finished lines of one kind in the record so far."""
        whole = map(json.loads, self.record_text.split("\n")[:-1])
        return [line for line in whole if line["record"] == kind]

    @property
    def waits(self) -> bool:
        """Whether a claim waits to be released."""
        return any(self._waiting())

    def release(self) -> None:
        """Release the claim that waits."""
        for waiting in self._waiting():
            waiting.with_name("released").touch()

    def _waiting(self) -> Iterator[Path]:
        return (self.folder / "tmp").glob("poolproof-*/lifetimes/*/waiting")

    def left(self) -> list[str]:
        """The processes that the run started and that still live, found by the folder in their environment.

        A server that writes its title over its environment is found by its working directory.
        """
        found = (self._title(each) for each in psutil.process_iter() if each.pid != self.process.pid)
        return [title for title in found if title]

    def _title(self, process: psutil.Process) -> str:
        ours = str(self.folder / "tmp")
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and (
                process.environ().get("TMPDIR", "").startswith(ours) or process.cwd().startswith(ours)
            ):
                return " ".join(process.cmdline())
        return ""


def attempt(
    house: Path,
    folder: Path,
    *options: str,
    results: Path | None = None,
    hidden: str = "",
    command: Sequence[str] = PYTEST,
    variables: Mapping[str, str] | None = None,
) -> Attempt:
    """Start a run on a house; it writes everything below `folder`, or its record to `results`.

    It leads a session of its own, as a command at a terminal leads a process group. `variables` are added
    to its environment, as if the user had set them.
    """
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    results = results or folder / "results"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")} | {
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(SPY),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # the other plugins take long to load
        "SPY_STARTED": str(folder / "started"),
        "SPY_HIDDEN": hidden,
        "COLUMNS": "400",
        **(variables or {}),
    }
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--results", str(results), *options],
            cwd=house,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Attempt(process, folder, results)


def amid_the_second_trial(
    house: Path, folder: Path, *options: str, command: Sequence[str] = PYTEST
) -> Attempt:
    """A run whose first trial is in its record, and whose second trial waits to be released."""
    made = attempt(house, folder / "attempt", *SOLO, *options, command=command)
    until(lambda: made.ended or made.waits, WITHIN)
    assert made.waits, made.output
    assert not made.ended, made.output
    assert len(made.lines("trial")) == 1
    return made
