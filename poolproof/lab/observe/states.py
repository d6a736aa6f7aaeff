"""Whether a process cannot run: it is stopped by a signal or a debugger, or its control group is frozen."""

from __future__ import annotations

from pathlib import Path

from poolproof.host.supervisor.table import read

CGROUP = Path("/sys/fs/cgroup")


def paused(pid: int) -> str:
    """`stopped` or `frozen`; empty when the process may run."""
    state = read(pid, "stat").rpartition(b")")[2].strip()[:1]
    if state in (b"T", b"t"):
        return "stopped"
    # Linux's newer freezer stops a process where it returns from a system call, its older one anywhere.
    if (state == b"S" and read(pid, "wchan") == b"get_signal") or (state == b"D" and _frozen(pid)):
        return "frozen"
    return ""


def _frozen(pid: int) -> bool:
    for line in read(pid, "cgroup").decode().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "freezer":
            return _says(CGROUP / "freezer" / path[1:] / "freezer.state", "FROZEN")
        if not controllers and _says(CGROUP / path[1:] / "cgroup.events", "frozen 1"):
            return True
    return False


def _says(path: Path, word: str) -> bool:
    try:
        return word in path.read_text()
    except OSError:
        return False


def memory_kills() -> tuple[int, int]:
    """How often the kernel killed for lack of memory: in our own control group, and on the machine."""
    return _of_ours(), _count(Path("/proc/vmstat"))


def _of_ours() -> int:
    groups = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
    paths = [CGROUP / path[1:] / "memory.events" for _, controllers, path in groups if not controllers]
    paths += [
        CGROUP / "memory" / path[1:] / "memory.oom_control" for _, names, path in groups if names == "memory"
    ]
    return sum(map(_count, paths))


def _count(path: Path) -> int:
    try:
        lines = [line.split() for line in path.read_text().splitlines()]
    except OSError:
        return 0
    return next((int(line[1]) for line in lines if line[0] == "oom_kill"), 0)
