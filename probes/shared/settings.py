"""What the launcher passes to a worker: the broker and the rest, in one environment variable."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

VARIABLE = "POOLPROOF_WORKER"


@dataclass(frozen=True, slots=True)
class Settings:
    """One worker's settings; `conf` overrides Celery's defaults, `gates` is where held tasks wait.

    `watched` makes it record each step of a task, where nothing is timed; see `probes.watch`.
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
    """The settings of this process's worker, or of the worker that it was forked from."""
    raw = json.loads(os.environ[VARIABLE])
    return Settings(**{**raw, "mutants": tuple(raw["mutants"])})
