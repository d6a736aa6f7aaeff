"""A broker from an executable: from the PATH, or from a place that another module has found."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from poolproof.host.broker.private import Private
from poolproof.host.broker.server import KINDS, Broker, Origin, Unavailable, last_line
from poolproof.host.supervisor import Supervisor
from poolproof.host.waiting import STRUCTURAL, until
from poolproof.model.errors import BadInput

ATTEMPTS = 5
PORT_TAKEN = "Address already in use"


def from_path(want: str, supervisor: Supervisor, workspace: Path) -> Broker:
    """The server on the PATH, started for this run; Unavailable when there is none or it does not start."""
    program = KINDS[want].program
    executable = shutil.which(program, path=_users_path())
    if executable is None:
        raise Unavailable(f"{program} is not on the PATH")
    return launch(Path(executable), want, "path", supervisor, workspace)


def _users_path() -> str:
    """The PATH without our own environment's folder, because a server there comes from a Python package."""
    ours = Path(sys.prefix) / "bin"
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if Path(folder) != ours)


def launch(executable: Path, want: str, origin: Origin, supervisor: Supervisor, workspace: Path) -> Broker:
    """Start `executable` on a free port of 127.0.0.1 in its own folder, and wait until it answers."""
    for _ in range(ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix=f"{want}-{origin}-", dir=workspace))
        broker = _start(executable, Private(want, origin), supervisor, folder)
        if broker is not None:
            return broker
    raise Unavailable(f"{executable}: others took its port {ATTEMPTS} times in a row")


def _start(executable: Path, private: Private, supervisor: Supervisor, folder: Path) -> Broker | None:
    """The broker, or None when another process took the port after we chose it."""
    port, log = free_port(), folder / "server.log"
    argv = [str(executable), *private.arguments("127.0.0.1", port)]
    try:
        pid = supervisor.spawn(argv, env=dict(os.environ), cwd=folder, log=log)
    except BadInput as error:
        raise Unavailable(str(error)) from None
    until(lambda: supervisor.status(pid) is not None or private.answers(port))
    try:
        if supervisor.status(pid) is None and not private.answers(port):
            raise Unavailable(f"{executable} did not answer within {STRUCTURAL:.0f} s")
        if supervisor.status(pid) is None:
            return private.broker(port)
        _excuse(executable, log.read_text(errors="replace"))
        return None
    except Unavailable:
        supervisor.end(pid)
        raise


def _excuse(executable: Path, log: str) -> None:
    """Unavailable, unless the server ended because its port was taken: then it is tried again."""
    if PORT_TAKEN not in log:
        raise Unavailable(f"{executable} ended at once: {last_line(log)}")


def free_port() -> int:
    """A port of 127.0.0.1 on which no process listened a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
