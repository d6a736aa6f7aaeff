"""What a task that crashes does to everything else, and what is seen of its cause."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.crashes.checks import (
    child_replaced,
    contained,
    siblings_undisturbed,
    worker_gone,
    worker_gone_at_any_crash,
)
from poolproof.subjects.crashes.checks_debugging import (
    debugger_answers,
    debugger_fails,
    trace_complete,
    trace_incomplete,
)
from poolproof.subjects.crashes.stimulus import crash_a_child, crash_amid_tasks, crash_beside_siblings
from poolproof.subjects.crashes.stimulus_debugging import debug_tasks
from poolproof.subjects.crashes.stimulus_tracing import fail_in_depth


@pytest.mark.claim("crashes.child-crash-is-contained")
def test_crash_in_a_child_is_contained(lab: Lab) -> None:
    """A crash in a prefork child leaves the manager alive with its pid, a child that died in the crash is
    replaced, and the other tasks finish.
    """
    crash = crash_a_child(lab, lab.variant("crash"))
    assert contained(crash)


@pytest.mark.claim("crashes.crash-ends-its-child")
def test_crash_ends_its_child(lab: Lab) -> None:
    """In prefork every crash ends the child that ran the task, and the manager makes a new one."""
    crash = crash_amid_tasks(lab, lab.variant("crash"))
    assert child_replaced(crash)


@pytest.mark.claim("crashes.crash-may-end-the-worker")
def test_crash_may_end_the_worker(lab: Lab) -> None:
    """Without a child process to crash in, a task that crashes may end the main process, and with it the
    whole worker.
    """
    crash = crash_amid_tasks(lab, lab.variant("crash"))
    assert worker_gone_at_any_crash(crash)


@pytest.mark.claim("crashes.crash-ends-the-worker")
def test_crash_ends_the_worker(lab: Lab) -> None:
    """Without a child process to crash in, a task that would end its process (by MemoryError, sys.exit(),
    os._exit() or SIGSEGV) stops the whole worker.
    """
    crash = crash_amid_tasks(lab, lab.variant("crash"))
    assert worker_gone(crash)


@pytest.mark.claim("crashes.siblings-undisturbed")
def test_siblings_undisturbed(lab: Lab) -> None:
    """A task that runs in another prefork child when one crashes goes on to its end there."""
    crash = crash_beside_siblings(lab)
    assert siblings_undisturbed(crash)


@pytest.mark.claim("crashes.solo-traceback-complete")
def test_solo_traceback_complete(lab: Lab) -> None:
    """Solo reports the complete stack trace of a task that fails."""
    report = fail_in_depth(lab, lab.variant("fault"))
    assert trace_complete(report)


@pytest.mark.claim("crashes.prefork-traceback-incomplete")
def test_prefork_traceback_incomplete(lab: Lab) -> None:
    """In prefork the stack trace of a task that fails may be incomplete."""
    report = fail_in_depth(lab, lab.variant("fault"))
    assert trace_incomplete(report)


@pytest.mark.claim("crashes.solo-debugger-works")
def test_solo_debugger_works(lab: Lab) -> None:
    """A solo task can use Python's standard debugger."""
    debugging = debug_tasks(lab)
    assert debugger_answers(debugging)


@pytest.mark.claim("crashes.prefork-debugger-fails")
def test_prefork_debugger_fails(lab: Lab) -> None:
    """Debugging is harder in prefork: a prefork task cannot use Python's standard debugger, which a solo
    task can use.
    """
    debugging = debug_tasks(lab)
    assert debugger_fails(debugging)
