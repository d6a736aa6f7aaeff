"""The run's side of the supervisor: each call is one request, each request is one line."""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, cast

from poolproof import ROOT
from poolproof.host.supervisor.guarded import Guarded
from poolproof.host.supervisor.orphans import SUPERVISORS, adopt_orphans, end_orphans
from poolproof.model.errors import BadInput, InstrumentError, RunLost

ANSWER_WITHIN = 90.0
"""Seconds for one answer; the last takes 10 for processes and 30 for containers, more if Docker stalls."""
ENDS_WITHIN = 60.0
"""Seconds for the supervisor to end by itself; it repeats the work of its last answer."""


class Supervisor:
    """Starts, signals and ends processes so that nothing outlives the run; a context manager for one run."""

    def __init__(self, label: str) -> None:
        """Start the supervisor's process; `label` is the value of the containers' label `poolproof.run`."""
        self.label = label
        self._guarded = Guarded(label)
        self._unread = b""
        self._number = 0
        self._closed = False
        self._lost = False
        self._guards_containers = False
        self._lock = Lock()
        adopt_orphans()
        self._start()
        self.pid: int = self._answer(0)["value"]
        """The pid of the supervisor: the parent of all processes that it starts."""
        SUPERVISORS.update((self.pid, self._watcher.pid))

    def _start(self) -> None:
        requests, written = os.pipe()
        read, answers = os.pipe()
        self._requests = os.fdopen(written, "wb", buffering=0)
        self._answers = os.fdopen(read, "rb", buffering=0)
        self._watcher = subprocess.Popen(
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
            stdout=2,  # Python may print while it starts; that text is for people, like stderr
            pass_fds=(requests, answers),
            start_new_session=True,
        )
        os.close(requests)
        os.close(answers)

    def spawn(self, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> int:
        """Start a command in its own session and return its pid; its output is appended to `log`.

        The command gets `env` and one more variable, POOLPROOF_SPAWN, and no stdin.
        """
        with self._lock:
            number = self._number + 1
            try:
                pid = self._ask("spawn", number, [*argv], {**env}, str(cwd), str(log.absolute()))
            except (BadInput, InstrumentError):
                raise
            except BaseException:  # a trial's wall or Ctrl-C: the process may run, and nobody has its pid
                self._send("abandon", number)
                raise
        return cast(int, pid)

    def signal(self, pid: int, signum: int) -> bool:
        """Signal a spawned process; False when it is gone, so that no later process of that pid gets it."""
        return cast(bool, self._request("signal", pid, int(signum)))

    def status(self, pid: int) -> int | None:
        """None while a spawned process is alive, then its exit status, negative for a signal."""
        return cast("int | None", self._request("status", pid))

    def stops(self) -> dict[int, int]:
        """How often each child of the supervisor, by pid, was seen to stop or to continue so far."""
        return dict(self._request("stops"))

    def end(self, pid: int) -> None:
        """Kill a spawned process and all its descendants; returns when none is left."""
        self._request("end", pid)

    def make_folder(self) -> Path:
        """A new temporary folder; the end of the run removes it, also when the run is killed."""
        folder = Path(tempfile.gettempdir(), f"poolproof-{secrets.token_hex(6)}").absolute()
        self._guarded.folders.append(str(folder))
        self._request("make_folder", str(folder))
        return folder

    def guard_containers(self) -> None:
        """From now on the end of the run removes the containers with its label."""
        self._request("guard_containers")
        self._guards_containers = True

    def guard_database(self, url: str) -> None:
        """Until it is released, the end of the run empties this database, also when the run is killed."""
        self._request("guard_database", url)

    def release_database(self, url: str) -> None:
        """Release a database that the run has emptied itself."""
        self._request("release_database", url)

    def close(self) -> None:
        """End everything that was spawned, and the supervisor; a second call does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                if not self._lost:  # otherwise the caller already has the error
                    self._ask("close")
            finally:
                self._requests.close()
                self._answers.close()
                self._await_end()

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
        if self._requests.closed:
            raise InstrumentError(f"the supervisor is closed, and was asked to {do}")
        self._number += 1
        line = json.dumps({"id": self._number, "do": do, "arguments": arguments}).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._requests.fileno(), line) :]
        except BrokenPipeError:
            raise self._gone() from None
        return self._number

    def _answer(self, number: int) -> dict[str, Any]:
        """The answer to one request; answers to older requests, whose wait a signal cut, are skipped."""
        end = time.monotonic() + ANSWER_WITHIN
        while True:
            line, newline, rest = self._unread.partition(b"\n")
            if not newline:
                self._read(end)
                continue
            self._unread = rest
            reply: dict[str, Any] = json.loads(line)
            if reply["id"] == number:
                return reply

    def _read(self, end: float) -> None:
        if not select.select([self._answers], [], [], max(0.0, end - time.monotonic()))[0]:
            raise self._gives_up(f"gave no answer within {ANSWER_WITHIN:.0f} s")
        if not (data := os.read(self._answers.fileno(), 65536)):
            raise self._gone()
        self._unread += data

    def _gone(self) -> RunLost:
        return self._gives_up(f"is gone, exit status {self._watcher.wait(ANSWER_WITHIN)}")

    def _gives_up(self, why: str) -> RunLost:
        self._lost = True
        return RunLost(f"the supervisor {why}; the run ends here, and its finished trials are kept")

    def _await_end(self) -> None:
        """Wait for the end of the supervisor and its watcher; do the work that they did not finish."""
        try:
            status = self._watcher.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._watcher.kill()
            status = self._watcher.wait()
        SUPERVISORS.difference_update((self.pid, self._watcher.pid))
        if status != 0:
            self._end_in_its_place()

    def _end_in_its_place(self) -> None:
        try:
            end_orphans()
        finally:
            if self._guards_containers:
                self._guarded.containers.guard()
            self._guarded.remove(late=False)
