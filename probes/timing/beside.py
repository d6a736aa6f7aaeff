"""Processes of the run that are no workers: the bare functions, and the server that is asked."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from probes.deadline import until
from probes.environment import kept
from probes.errors import InstrumentFault
from probes.supervisor import Supervisor
from probes.worker import ROOT


def bare_rates(supervisor: Supervisor, log: Path) -> Mapping[str, float]:
    """Calls a second that one core makes of each computing function, timed now in a process of its own."""
    pid = _spawn(supervisor, "probes.timing.bare", log)
    until(lambda: supervisor.status(pid) is not None, every=0.05)
    rates: dict[str, float] = json.loads(_said(log))
    return rates


def start_server(supervisor: Supervisor, log: Path) -> int:
    """Start the server of `io-socket`, which ends with the run, and return its port."""
    _spawn(supervisor, "probes.timing.server", log)
    until(lambda: log.exists() and log.read_text().endswith("\n"))
    return int(_said(log))


def _spawn(supervisor: Supervisor, module: str, log: Path) -> int:
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**kept(os.environ), "PYTHONPATH": str(ROOT)}
    return supervisor.spawn([sys.executable, "-m", module], env=environment, cwd=ROOT, log=log)


def _said(log: Path) -> str:
    lines = log.read_text().splitlines()
    if len(lines) != 1:
        raise InstrumentFault(f"{log.stem}: said {lines[-1] if lines else 'nothing'}")
    return lines[0]
