"""The supervisor's process: reads requests from one pipe, answers on another, then ends everything.

The first pipe is the run's lifeline. The kernel closes it however the run dies, so this needs no goodbye.
Both pipes are its own, because whatever Python loads at its start may read stdin and print to stdout.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from poolproof.host.supervisor.containers import Containers
from poolproof.host.supervisor.databases import GuardedDatabases
from poolproof.host.supervisor.family import Family
from poolproof.host.supervisor.heir import adopt_orphans
from poolproof.model.errors import BadInput, InstrumentError


class Service:
    """What a run can ask for; each request is answered by one line."""

    def __init__(self, label: str) -> None:
        self.family = Family()
        self.said_goodbye = False
        self._containers = Containers(label)
        self._databases = GuardedDatabases()
        self._folders: list[str] = []
        self._requests: dict[str, Callable[..., Any]] = {
            "spawn": self.family.spawn,
            "signal": self.family.signal,
            "status": self.family.status,
            "end": self.family.end,
            "abandon": self.family.abandon,
            "guard_containers": self._containers.guard,
            "guard_database": self._databases.guard,
            "release_database": self._databases.release,
            "make_folder": self._make_folder,
            "close": self._goodbye,
        }

    def answer(self, line: bytes) -> dict[str, Any]:
        """Do what one line asks; whatever goes wrong is told to the run, and the supervisor lives on."""
        request: dict[str, Any] = {}
        try:
            request = json.loads(line)
            value = self._requests[request["do"]](*request["arguments"])
        except BadInput as error:
            return {"id": request.get("id"), "bad_input": str(error)}
        except InstrumentError as error:
            return {"id": request.get("id"), "failure": str(error)}
        except Exception as error:
            return {"id": request.get("id"), "failure": f"{type(error).__name__}: {error}"}
        return {"id": request["id"], "value": value}

    def end_everything(self) -> None:
        """End the processes, the containers even when a process would not die, and remove what they left."""
        try:
            self.family.end_all()
        finally:
            self._containers.remove(stragglers=not self.said_goodbye)
        self._databases.empty()
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)

    def _make_folder(self, folder: str) -> None:
        self._folders.append(folder)
        try:
            os.mkdir(folder, 0o700)  # noqa: PTH102
        except OSError as error:
            place = Path(folder).parent
            raise BadInput(
                f"{place}: no folder can be made there: {error.strerror}; make room, or set TMPDIR"
            ) from None

    def _goodbye(self) -> None:
        self.said_goodbye = True
        self.end_everything()


def main(label: str, requests: int, answers: int) -> int:
    """Serve the run until its end of the pipe closes, then end everything; 1 when that failed."""
    service = Service(label)
    wake = _prepare()
    try:
        try:
            _serve(service, wake, requests, answers)
        finally:
            service.end_everything()
    except Exception as error:
        print(f"supervisor: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _prepare() -> int:
    """Adopt all orphans and survive signals; return a descriptor that is readable when a child died."""
    adopt_orphans()
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    # Handlers, for an ignored signal would stay ignored in every worker.
    for signum in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(signum, _survive)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    return wake


def _survive(signum: int, frame: FrameType | None) -> None:
    """Only the end of the run ends the supervisor."""


def _serve(service: Service, wake: int, requests: int, answers: int) -> None:
    """Answer until the lifeline closes."""
    _reply(answers, {"id": 0, "value": None})
    pending = b""
    while True:
        ready, _, _ = select.select([requests, wake], [], [])
        if wake in ready:
            os.read(wake, 65536)
            service.family.reap()
        if requests not in ready:
            continue
        if not (data := os.read(requests, 65536)):
            return
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            _reply(answers, service.answer(line))


def _reply(answers: int, reply: dict[str, Any]) -> None:
    # One write, which a pipe takes whole. Nobody listens when the run just died; its lifeline tells that too.
    with suppress(BrokenPipeError):
        os.write(answers, json.dumps(reply).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
