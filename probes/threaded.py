"""A task module that starts a thread when it is loaded, as libraries do that send or log in the background.

It is not part of `probes.tasks`, so that only its own claims have this thread: `--include` loads it.
"""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty, SimpleQueue

from probes.tasks.recorded import note, recorded

Reply = SimpleQueue[bool]
LONG = 1.0
"""Seconds without an answer after which a task checks whether the thread exists at all."""
questions: SimpleQueue[Reply] = SimpleQueue()


def begin() -> threading.Thread:
    """Start a thread that answers each question."""
    thread = threading.Thread(target=_answer, daemon=True)
    thread.start()
    return thread


def _answer() -> None:
    while True:
        questions.get().put(True)


def is_answered() -> bool:
    """Ask the thread and wait for its answer; false when the thread does not exist in this process."""
    reply: Reply = SimpleQueue()
    questions.put(reply)
    while True:
        try:
            return reply.get(timeout=LONG)
        except Empty:
            if not Path(f"/proc/self/task/{thread.native_id}").exists():
                return False


@recorded
def ask_the_thread() -> bool:
    """Ask the thread of this module, and record its answer."""
    if not is_answered():
        note("refused", "the thread that its module had started is not in its process")
        raise LookupError
    note("answered")
    return True


thread = begin()
is_answered()  # the thread runs now: a process that is forked later is forked from one that has it
