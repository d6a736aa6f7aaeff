"""Records the moments of a worker's life in its event files."""

from __future__ import annotations

import platform
import sys

from celery.signals import worker_process_init, worker_ready, worker_shutting_down

from probes.recorder import record
from probes.shared.versions import LOADED


@worker_ready.connect(weak=False)
def _ready(**_: object) -> None:
    record("ready", " ".join(f"{name}={version}" for name, version in _versions().items()))


def _versions() -> dict[str, str]:
    """The versions that this process has loaded, according to the modules themselves."""
    found = {name: str(sys.modules[module].__version__) for name, module in LOADED.items()}
    return {"python": platform.python_version(), **found}


@worker_process_init.connect(weak=False)
def _process_init(**_: object) -> None:
    record("process-init")


@worker_shutting_down.connect(weak=False)
def _shutting_down(**_: object) -> None:
    record("shutting-down")
