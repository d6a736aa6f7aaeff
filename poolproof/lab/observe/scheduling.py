"""What the kernel has counted for a process: the waits for a processor, the calls of read and write."""

from __future__ import annotations

from pathlib import Path

from poolproof.model.errors import Void


def delayed_seconds(pid: int) -> float:
    """How long the threads of a process were ready to run, and had no processor."""
    return sum(_delayed(thread) for thread in Path(f"/proc/{pid}/task").glob("*")) / 1e9


def calls(pids: tuple[int, ...]) -> int:
    """How often these processes have called read and write, on files and pipes; sockets use other calls.

    Void when one of them has ended, because the kernel has deleted its count.
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
