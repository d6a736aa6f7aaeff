"""Processes of the run that are not workers: the bare functions, and the local server of `io-socket`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from poolproof import ROOT
from poolproof.host.supervisor import Supervisor
from poolproof.host.waiting import until
from poolproof.lab.environment import kept
from poolproof.model.errors import InstrumentError


def bare_rates(supervisor: Supervisor, log: Path) -> Mapping[str, float]:
    """Calls a second of each computing function on one core, timed now in a process of its own."""
    pid, answer = _spawn(supervisor, "poolproof.timing.bare", log)
    until(lambda: supervisor.status(pid) is not None, every=0.05)
    rates: dict[str, float] = json.loads(_answered(answer, log))
    return rates


def start_server(supervisor: Supervisor, log: Path) -> int:
    """Start the server of `io-socket`, which ends with the run, and return its port."""
    pid, answer = _spawn(supervisor, "poolproof.timing.server", log)
    until(lambda: supervisor.status(pid) is not None or _finished(answer))
    return int(_answered(answer, log))


def _spawn(supervisor: Supervisor, module: str, log: Path) -> tuple[int, Path]:
    """Start a module that writes one line to a file; not to stdout, where Python may print at its start."""
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**kept(os.environ), "PYTHONPATH": str(ROOT)}
    answer = log.with_suffix(".answer")
    argv = [sys.executable, "-m", module, str(answer)]
    return supervisor.spawn(argv, env=environment, cwd=ROOT, log=log), answer


def _answered(answer: Path, log: Path) -> str:
    if not _finished(answer):
        lines = log.read_text(errors="replace").splitlines()
        raise InstrumentError(f"{log.stem}: said {lines[-1] if lines else 'nothing'}")
    return answer.read_text()


def _finished(answer: Path) -> bool:
    return answer.exists() and answer.read_text().endswith("\n")
