"""What the kernel has counted of a process: the waits for a processor, the calls that read and write."""

from __future__ import annotations

from pathlib import Path

from poolproof.model.errors import Void


def delayed_seconds(pid: int) -> float:
    """For how long the threads of a process have been ready to run, and something else had the processor."""
    return sum(_delayed(thread) for thread in Path(f"/proc/{pid}/task").glob("*")) / 1e9


def calls(pids: tuple[int, ...]) -> int:
    """How often these processes have called read and write, on files and pipes; sockets have other calls.

    Void when one has ended, because its count is gone with it.
    """
    return sum(_called(Path(f"/proc/{pid}/io")) for pid in pids)


def _called(io: Path) -> int:
    try:
        counts = dict(line.split(": ") for line in io.read_text().splitlines())
    except OSError as error:
        raise Void(f"{io} cannot be read: {error.strerror}") from None
    return int(counts["syscr"]) + int(counts["syscw"])


def _delayed(thread: Path) -> int:
    try:
        return int((thread / "schedstat").read_text().split()[1])
    except OSError:
        return 0
