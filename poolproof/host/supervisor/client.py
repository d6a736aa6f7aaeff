"""The run's side of the supervisor: one request a call, one line a request."""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, cast

from poolproof import ROOT
from poolproof.host.supervisor.containers import Containers
from poolproof.host.supervisor.heir import SUPERVISORS, adopt_orphans, end_orphans
from poolproof.model.errors import BadInput, InstrumentError, RunLost

ANSWER_WITHIN = 90.0
"""Seconds for one answer: at the end 10 are for processes and 30 for containers, more if Docker stalls."""
ENDS_WITHIN = 60.0
"""Seconds for the supervisor to end by itself; it repeats what its last answer has done."""


class Supervisor:
    """Spawns, signals and ends processes so that nothing outlives the run; a context manager, for one run."""

    def __init__(self, label: str) -> None:
        """Start the supervisor's process; `label` is the value of the containers' label `poolproof.run`."""
        self.label = label
        self._heard = b""
        self._number = 0
        self._closed = False
        self._lost = False
        self._folders: list[Path] = []
        self._guards_containers = False
        self._lock = Lock()
        adopt_orphans()
        self._start()
        self._answer(0)

    def _start(self) -> None:
        requests, lifeline = os.pipe()
        heard, answers = os.pipe()
        self._lifeline = os.fdopen(lifeline, "wb", buffering=0)
        self._answers = os.fdopen(heard, "rb", buffering=0)
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "poolproof.host.supervisor.process",
                self.label,
                str(requests),
                str(answers),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=2,  # what Python loads at its start may print; it is for people, as on stderr
            pass_fds=(requests, answers),
            start_new_session=True,
        )
        SUPERVISORS.add(self._process.pid)
        os.close(requests)
        os.close(answers)

    @property
    def pid(self) -> int:
        """The supervisor's own process: the parent of all that it spawns."""
        return self._process.pid

    def spawn(self, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> int:
        """Start a command in a session of its own and return its pid; what it prints is appended to `log`.

        The command gets `env` and one variable more, POOLPROOF_SPAWN, and no stdin.
        """
        with self._lock:
            number = self._number + 1
            try:
                pid = self._ask("spawn", number, [*argv], {**env}, str(cwd), str(log.absolute()))
            except (BadInput, InstrumentError):
                raise
            except BaseException:  # a trial's wall or Ctrl-C: it may run, and nobody knows its pid
                self._send("abandon", number)
                raise
        return cast(int, pid)

    def signal(self, pid: int, signum: int) -> bool:
        """Signal a spawned process; False when it is gone, so that its number's next owner is never hit."""
        return cast(bool, self._request("signal", pid, int(signum)))

    def status(self, pid: int) -> int | None:
        """None while a spawned process lives, then its exit status, negative for a signal."""
        return cast("int | None", self._request("status", pid))

    def end(self, pid: int) -> None:
        """Kill a spawned process and all that descends from it; returns when none is left."""
        self._request("end", pid)

    def make_folder(self) -> Path:
        """A new temporary folder, which the end of the run removes, however the run ends."""
        folder = Path(tempfile.gettempdir(), f"poolproof-{secrets.token_hex(6)}").absolute()
        self._folders.append(folder)
        self._request("make_folder", str(folder))
        return folder

    def guard_containers(self) -> None:
        """From now on the end of the run removes the containers that carry its label."""
        self._request("guard_containers")
        self._guards_containers = True

    def guard_database(self, url: str) -> None:
        """Until it is released, the end of the run empties this database, however the run ends."""
        self._request("guard_database", url)

    def release_database(self, url: str) -> None:
        """The run has emptied the database itself."""
        self._request("release_database", url)

    def close(self) -> None:
        """End everything that was spawned, and the supervisor; a second time does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                if not self._lost:  # else the caller has the error already
                    self._ask("close")
            finally:
                self._lifeline.close()
                self._answers.close()
                self._bury()

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _request(self, do: str, *arguments: Any) -> Any:
        with self._lock:
            return self._ask(do, *arguments)

    def _ask(self, do: str, *arguments: Any) -> Any:
        reply = self._answer(self._send(do, *arguments))
        if "bad_input" in reply:
            raise BadInput(reply["bad_input"])
        if "failure" in reply:
            raise InstrumentError(f"supervisor: {reply['failure']}")
        return reply["value"]

    def _send(self, do: str, *arguments: Any) -> int:
        if self._lifeline.closed:
            raise InstrumentError(f"the supervisor is closed, and was asked to {do}")
        self._number += 1
        line = json.dumps({"id": self._number, "do": do, "arguments": arguments}).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._lifeline.fileno(), line) :]
        except BrokenPipeError:
            raise self._gone() from None
        return self._number

    def _answer(self, number: int) -> dict[str, Any]:
        """The answer to one request; older ones, whose wait was cut by a signal, are passed over."""
        end = time.monotonic() + ANSWER_WITHIN
        while True:
            line, newline, rest = self._heard.partition(b"\n")
            if not newline:
                self._hear(end)
                continue
            self._heard = rest
            reply: dict[str, Any] = json.loads(line)
            if reply["id"] == number:
                return reply

    def _hear(self, end: float) -> None:
        if not select.select([self._answers], [], [], max(0.0, end - time.monotonic()))[0]:
            raise self._gives_up(f"gave no answer within {ANSWER_WITHIN:.0f} s")
        if not (data := os.read(self._answers.fileno(), 65536)):
            raise self._gone()
        self._heard += data

    def _gone(self) -> RunLost:
        return self._gives_up(f"is gone, exit status {self._process.wait(ANSWER_WITHIN)}")

    def _gives_up(self, why: str) -> RunLost:
        self._lost = True
        return RunLost(f"the supervisor {why}; the run ends here, and its finished trials are kept")

    def _bury(self) -> None:
        """Wait for the supervisor's end; do what it has left undone when it was killed, or does not end."""
        try:
            status = self._process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        SUPERVISORS.discard(self._process.pid)
        if status != 0:
            self._inherit()

    def _inherit(self) -> None:
        try:
            end_orphans()
        finally:
            for folder in self._folders:
                shutil.rmtree(folder, ignore_errors=True)
            if self._guards_containers:
                containers = Containers(self.label)
                containers.guard()
                containers.remove(stragglers=False)
