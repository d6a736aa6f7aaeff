"""The process tree of a worker, as the kernel shows it at one moment."""

from __future__ import annotations

import psutil

from poolproof.model.processes import Process, Tree


def tree(pid: int) -> Tree:
    """The processes below `pid` now; zombies do not count."""
    try:
        root = psutil.Process(pid)
        manager = _process(root)
        children = [_process(child) for child in root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return Tree(None)
    return Tree(manager, tuple(child for child in children if child)) if manager else Tree(None)


def _process(process: psutil.Process) -> Process | None:
    try:
        with process.oneshot():
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            threads = tuple(sorted(thread.id for thread in process.threads()))
            return Process(process.pid, process.ppid(), threads)
    except psutil.NoSuchProcess:
        return None


def spawned(seen: Tree) -> bool | None:
    """Whether the children were started by spawn (True) or by fork (False); None without such children.

    A forked child has its parent's command line, a spawned child calls `spawn_main` (billiard/spawn.py,
    get_command_line); a helper process has neither.
    """
    lines = [_line(child.pid) for child in seen.children]
    if seen.manager and _line(seen.manager.pid) in [line for line in lines if line]:
        return False
    return True if any("spawn_main" in " ".join(line) for line in lines) else None


def _line(pid: int) -> list[str]:
    try:
        return psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return []


def pss_mib(pid: int) -> float:
    """The proportional set size of the whole tree below `pid`, in MiB: shared pages are counted once."""
    total = 0
    for member in tree(pid).pids:
        try:
            total += psutil.Process(member).memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20
