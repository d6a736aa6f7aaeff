"""What the kernel's scheduler says of a process: the processor time that its threads have used."""

from __future__ import annotations

from pathlib import Path


def cpu_seconds(pids: tuple[int, ...]) -> float:
    """The processor time that every thread of these processes has used so far, in seconds.

    To the nanosecond, where other files of /proc count in hundredths of a second. A thread that ended takes
    its time with it; the workers that are compared so start and end none between two looks.
    """
    return sum(_ran(thread) for pid in pids for thread in Path(f"/proc/{pid}/task").glob("*")) / 1e9


def _ran(thread: Path) -> int:
    try:
        return int((thread / "schedstat").read_text().split()[0])
    except OSError:
        return 0
