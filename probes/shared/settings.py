"""What the launcher tells a worker: the broker and the rest travel in one environment variable."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

VARIABLE = "POOLPROOF_WORKER"


@dataclass(frozen=True, slots=True)
class Settings:
    """One worker's settings; `conf` is laid over Celery's defaults, `gates` is where held tasks wait.

    `watched` has it record each step of a task, where nothing is timed; see `probes.watch`.
    """

    name: str
    broker: str
    events: str
    gates: str
    mutants: tuple[str, ...] = ()
    watched: bool = False
    conf: Mapping[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment variable that carries these settings to the worker."""
        return {VARIABLE: json.dumps(asdict(self))}


def read() -> Settings:
    """The settings of the worker that this process is, or was forked from."""
    raw = json.loads(os.environ[VARIABLE])
    return Settings(**{**raw, "mutants": tuple(raw["mutants"])})
