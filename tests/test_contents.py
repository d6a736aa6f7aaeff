"""Texts in the memory of a process: those that it has, and no others."""

from __future__ import annotations

import os
import subprocess
import sys

from poolproof.lab.observe.contents import kept

PROGRAM = "import sys; text = sys.stdin.readline(); print(flush=True); sys.stdin.readline()"


def test_a_process_has_what_it_was_given() -> None:
    given, other = f"given-{os.getpid()}", f"other-{os.getpid()}"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{given}\n")
        process.stdin.flush()
        process.stdout.readline()
        found = kept(process.pid, [given, other])
        process.stdin.write("\n")
    assert found == {given}
