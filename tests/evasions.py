"""Process trees that try to outlive the run, and a search for those that are left.

They are found by their working directory, which the supervisor never reads.
"""

from __future__ import annotations

from pathlib import Path

from poolproof.host.supervisor import table
from poolproof.host.waiting import until

# A process that stays writes a line; a daemon writes it when it has become an orphan.
PREAMBLE = """
import os, signal, time
def here():
    file = os.open("here", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b"%d\\n" % os.getpid())
    os.close(file)
def stay():
    here()
    while True:
        signal.pause()
def daemon(stay=stay):
    if os.fork() == 0:
        os.setsid()
        parent = os.getpid()
        if os.fork():
            os._exit(0)
        while os.getppid() == parent:
            time.sleep(0.001)
        stay()
def replaced():
    here()
    while not os.fork():
        time.sleep(0.001)
    os._exit(0)
def forget():
    here()
    os.execvpe("sleep", ["sleep", "600"], {})
"""

# What the tree does, and how many processes stay.
EVASIONS = {
    "one that obeys": ("stay()", 1),
    "one that ignores signals": ("for s in (1, 2, 3, 15): signal.signal(s, signal.SIG_IGN)\nstay()", 1),
    "one that is stopped": ("here(); os.kill(os.getpid(), signal.SIGSTOP)", 1),
    "children": ("os.fork(); os.fork(); stay()", 4),
    "a process group": ("if os.fork() == 0: os.setpgid(0, 0)\nstay()", 2),
    "a session": ("if os.fork() == 0: os.setsid()\nstay()", 2),
    "a daemon": ("daemon(); stay()", 2),
    "a daemon alone": ("daemon()", 1),
    "a daemon without environment": ("daemon(forget); stay()", 2),
    "a bomb of 20": ("for _ in range(20): os.fork() or stay()\nstay()", 21),
    "20 that each take another's place": ("for _ in range(20): os.fork() or replaced()\nstay()", 21),
}


def staying(folder: Path) -> list[int]:
    """The processes in `folder` that have written that they stay."""
    here = folder / "here"
    return [int(line) for line in here.read_text().splitlines()] if here.exists() else []


def settled(folder: Path, count: int) -> bool:
    """Wait until `count` processes in `folder` have written that they stay."""
    return until(lambda: len(staying(folder)) == count)


def inhabitants(folder: Path) -> set[int]:
    """The living processes whose working directory is `folder`."""
    return {
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _in(entry, folder)
    }


def _in(entry: Path, folder: Path) -> bool:
    try:
        return (entry / "cwd").readlink() == folder and table.look(int(entry.name)) is not None
    except OSError:
        return False
