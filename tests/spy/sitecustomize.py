"""Loaded by every Python process of a run in a test: records the commands started, and hides a library.

It is on PYTHONPATH, so that the supervisor, which starts the workers, loads it as well.
"""

from __future__ import annotations

import os
import sys
from importlib import metadata

STARTED = os.environ.get("SPY_STARTED", os.devnull)
HIDDEN = os.environ.get("SPY_HIDDEN")
known = metadata.version


def note(event: str, arguments: tuple[object, ...]) -> None:
    """Append the command line of each process, before it starts."""
    if event == "subprocess.Popen":
        command = arguments[1]
        line = " ".join(map(str, command)) if isinstance(command, (list, tuple)) else str(command)
        descriptor = os.open(STARTED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.write(descriptor, f"{line}\n".encode())
        os.close(descriptor)


def version(distribution_name: str) -> str:
    """The version of a distribution, as if one of them were not installed."""
    if distribution_name == HIDDEN:
        raise metadata.PackageNotFoundError(distribution_name)
    return known(distribution_name)


sys.addaudithook(note)
metadata.version = version
