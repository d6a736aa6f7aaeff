"""What the kernel has counted of a process: the time on a processor, the calls that read and write."""

from __future__ import annotations

from pathlib import Path

from probes.errors import Void


def cpu_seconds(pids: tuple[int, ...]) -> float:
    """The processor time that every thread of these processes has used so far, in seconds.

    To the nanosecond, where other files of /proc count in hundredths of a second. A thread that ended takes
    its time with it; the workers that are compared so start and end none between two looks.
    """
    return sum(_ran(thread) for pid in pids for thread in Path(f"/proc/{pid}/task").glob("*")) / 1e9


def calls(pids: tuple[int, ...]) -> int:
    """How often these processes have called read and write, on files and pipes; sockets have other calls.

    Void when one has ended, for it took its count with it.
    """
    return sum(_called(Path(f"/proc/{pid}/io")) for pid in pids)


def _called(io: Path) -> int:
    try:
        counts = dict(line.split(": ") for line in io.read_text().splitlines())
    except OSError as fault:
        raise Void(f"{io} cannot be read: {fault.strerror}") from None
    return int(counts["syscr"]) + int(counts["syscw"])


def _ran(thread: Path) -> int:
    try:
        return int((thread / "schedstat").read_text().split()[0])
    except OSError:
        return 0
