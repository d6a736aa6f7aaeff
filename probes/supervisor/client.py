"""The run's side of the supervisor: one request a call, one line a request."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, cast

from probes.errors import BadInput, InstrumentFault

ROOT = Path(__file__).resolve().parent.parent.parent
ANSWER_WITHIN = 90.0
"""Seconds for one answer: at the end 10 are for processes and 30 for containers, more if Docker stalls."""


class Supervisor:
    """Spawns, signals and ends processes so that nothing outlives the run; a context manager, for one run."""

    def __init__(self, label: str) -> None:
        """Start the supervisor's process; `label` is the value of the containers' label `poolproof.run`."""
        self.label = label
        self._process = subprocess.Popen(
            [sys.executable, "-m", "probes.supervisor.process", label],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._lifeline = self._process.stdin
        self._answers = self._process.stdout
        self._heard = b""
        self._number = 0
        self._closed = False
        self._lock = Lock()
        self._answer(0)

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
            except (BadInput, InstrumentFault):
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

    def guard_folder(self, folder: Path) -> None:
        """From now on the end of the run removes that folder, however the run ends."""
        self._request("guard_folder", str(folder.absolute()))

    def guard_containers(self) -> None:
        """From now on the end of the run removes the containers that carry its label."""
        self._request("guard_containers")

    def close(self) -> None:
        """End everything that was spawned, and the supervisor; a second time does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                self._ask("close")
            finally:
                self._lifeline.close()
                self._process.wait(ANSWER_WITHIN)
                self._answers.close()

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
        if "fault" in reply:
            raise InstrumentFault(f"supervisor: {reply['fault']}")
        return reply["value"]

    def _send(self, do: str, *arguments: Any) -> int:
        if self._lifeline.closed:
            raise InstrumentFault(f"the supervisor is closed, and was asked to {do}")
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
            raise InstrumentFault(f"the supervisor gave no answer within {ANSWER_WITHIN:.0f} s")
        if not (data := os.read(self._answers.fileno(), 65536)):
            raise self._gone()
        self._heard += data

    def _gone(self) -> InstrumentFault:
        return InstrumentFault(f"the supervisor is gone, exit status {self._process.wait(ANSWER_WITHIN)}")
