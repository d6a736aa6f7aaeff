"""The supervisor's process and its watcher: it answers the run's requests, then ends everything.

Requests come through one pipe, and answers go through another. The kernel closes the first however the run
dies, so no last request is needed. Neither pipe is stdin or stdout, because the modules that Python loads
at its start may read stdin and print to stdout.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from poolproof.host.supervisor.family import Family
from poolproof.host.supervisor.guarded import Guarded
from poolproof.host.supervisor.orphans import adopt_orphans
from poolproof.host.supervisor.watcher import Notes, watch
from poolproof.model.errors import BadInput, InstrumentError


class Service:
    """The requests that a run can make; each is answered by one line."""

    def __init__(self, label: str, notes: Notes) -> None:
        self.family = Family()
        self.closed = False
        self._guarded = Guarded(label)
        self._notes = notes
        self._requests: dict[str, Callable[..., Any]] = {
            "spawn": self.family.spawn,
            "signal": self.family.signal,
            "status": self.family.status,
            "stops": self.family.stops,
            "end": self.family.end,
            "abandon": self.family.abandon,
            "guard_containers": self._guard_containers,
            "guard_database": self._guard_database,
            "release_database": self._release_database,
            "make_folder": self._make_folder,
            "close": self._close,
        }

    def answer(self, line: bytes) -> dict[str, Any]:
        """Do what one line requests; an error becomes the answer, and the supervisor continues."""
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
        """End the processes, and remove what is guarded, even when a process does not die."""
        try:
            self.family.end_all()
        finally:
            self._guarded.remove(late=not self.closed)

    def _guard_containers(self) -> None:
        self._guarded.containers.guard()
        self._notes.write("containers")

    def _guard_database(self, url: str) -> None:
        self._notes.write("database", url, self._guarded.databases.guard(url))

    def _release_database(self, url: str) -> None:
        self._guarded.databases.release(url)
        self._notes.write("released", url)

    def _make_folder(self, folder: str) -> None:
        self._guarded.folders.append(folder)
        self._notes.write("folder", folder)
        try:
            os.mkdir(folder, 0o700)  # noqa: PTH102
        except OSError as error:
            place = Path(folder).parent
            raise BadInput(
                f"{place}: no folder can be made there: {error.strerror}; free some space, or set TMPDIR"
            ) from None

    def _close(self) -> None:
        self.closed = True
        self.end_everything()


def main(label: str, requests: int, answers: int) -> int:
    """Serve the run, watched by another process; the exit status is 1 when something could not be ended."""
    noted, notes = os.pipe()
    _survive_signals()
    adopt_orphans()
    supervisor = os.fork()
    try:
        if not supervisor:
            adopt_orphans()  # a forked child does not inherit this
            os.close(noted)
            return _supervise(Service(label, Notes(notes)), requests, answers)
        for pipe in (requests, answers, notes):
            os.close(pipe)
        return watch(label, supervisor, noted)
    except Exception as error:
        print(f"supervisor: {type(error).__name__}: {error}", file=sys.stderr)
        return 1


def _supervise(service: Service, requests: int, answers: int) -> int:
    """Serve the run until its end of the pipe closes, then end everything."""
    try:
        _serve(service, _wakes(), requests, answers)
    finally:
        service.end_everything()
    return 0


def _survive_signals() -> None:
    """Handle these signals, because every worker would inherit ignored ones."""
    for signum in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(signum, _survive)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _wakes() -> int:
    """A descriptor that is readable when a child has died or was stopped."""
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    return wake


def _survive(signum: int, frame: FrameType | None) -> None:
    """Do nothing: only the end of the run ends the supervisor."""


def _serve(service: Service, wake: int, requests: int, answers: int) -> None:
    """Answer until the pipe of requests closes."""
    _reply(answers, {"id": 0, "value": os.getpid()})
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
    # One write, because a pipe accepts it as a whole. If the run has just died, nobody reads it.
    with suppress(BrokenPipeError):
        os.write(answers, json.dumps(reply).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
