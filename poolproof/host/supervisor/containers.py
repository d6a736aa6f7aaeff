"""The run's containers; a daemon starts them, so they are not our descendants and are found by label."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from typing import Any

from poolproof.model.errors import InstrumentError

LABEL = "poolproof.run"
USUAL = "unix:///var/run/docker.sock"
LATE = 2.0
"""Seconds within which a container can still appear whose creation had begun when the run died."""
REMOVED_WITHIN = 30.0
"""Seconds that the daemon may take to remove a container."""


def listens() -> bool:
    """Whether a Docker daemon may be running; docker-py leaves a socket open when it reaches none."""
    scheme, _, path = os.environ.get("DOCKER_HOST", USUAL).partition("://")
    if scheme not in ("unix", "http+unix"):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


class Containers:
    """The containers with one run's label."""

    def __init__(self, label: str) -> None:
        self._filter = {"label": f"{LABEL}={label}"}
        self._daemon: Any = None

    def guard(self) -> None:
        """Connect to the daemon now, so that the end of the run does not depend on the environment then."""
        import docker

        if self._daemon is None:
            daemon = docker.from_env()
            daemon.ping()
            self._daemon = daemon

    def remove(self, *, late: bool) -> None:
        """Remove them all; with `late`, also those that appear within the next seconds."""
        if self._daemon is None:
            return
        start = time.monotonic()
        while (left := self._sweep()) or (late and time.monotonic() < start + LATE):
            if time.monotonic() > start + REMOVED_WITHIN:
                raise InstrumentError(f"containers are still there: {', '.join(left)}")
            time.sleep(0.1)

    def _sweep(self) -> list[str]:
        """Ask the daemon to remove those that exist now, and name them."""
        from docker.errors import APIError

        found = self._daemon.containers.list(all=True, filters=self._filter, ignore_removed=True)
        for container in found:
            # It may be gone: the process that started it removes it too. The next call finds the rest.
            with suppress(APIError):
                container.remove(force=True, v=True)
        return [container.name for container in found]
