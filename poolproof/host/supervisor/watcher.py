"""The parent of the supervisor's process: it ends everything when the supervisor is killed.

The run can be killed at the same moment. Then this process becomes the parent of all that the supervisor has
spawned, because it is a child subreaper above it. The supervisor writes to a pipe what else is to be removed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from poolproof.host.supervisor.family import Family
from poolproof.host.supervisor.guarded import Guarded

KILLED = 128
"""The exit status of a watcher whose supervisor was killed is this plus the signal, as in a shell."""


class Notes:
    """The supervisor's end of the pipe; it continues when the watcher is gone."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def write(self, what: str, *values: str | None) -> None:
        """Write what the watcher must do if the supervisor dies; one write, which a pipe takes whole."""
        with suppress(BrokenPipeError):
            os.write(self._pipe, json.dumps([what, *values]).encode() + b"\n")


def watch(label: str, supervisor: int, notes: int) -> int:
    """Wait for the supervisor's end, and finish its work if it was killed; returns an exit status."""
    guarded = Guarded(label)
    actions: dict[str, Callable[..., Any]] = {
        "folder": guarded.folders.append,
        "containers": guarded.containers.guard,
        "database": guarded.databases.hold,
        "released": guarded.databases.release,
    }
    with os.fdopen(notes) as lines:
        for line in lines:
            what, *values = json.loads(line)
            actions[what](*values)
    _, status = os.waitpid(supervisor, 0)
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return code
    try:
        Family().end_all()
    finally:
        guarded.remove(late=True)
    return KILLED - code
