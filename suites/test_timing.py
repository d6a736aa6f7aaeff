"""How fast each pool does two kinds of work. A run that does not prove itself right has no number."""

import pytest

from poolproof.timing.timed_case import Clock, TimedCase


@pytest.mark.timing("cpu-python")
def test_cpu_python(case: TimedCase, benchmark: Clock) -> None:
    """A function in pure Python, which holds the interpreter's lock; the ceiling: it alone, on each core."""
    work = case.computing("cpu_python")
    benchmark.pedantic(work.release, teardown=work.prove, rounds=1, iterations=1)


@pytest.mark.timing("cpu-nogil")
def test_cpu_nogil(case: TimedCase, benchmark: Clock) -> None:
    """A C function that lets go of the interpreter's lock; the ceiling: it alone, on each core."""
    work = case.computing("cpu_nogil")
    benchmark.pedantic(work.release, teardown=work.prove, rounds=1, iterations=1)


@pytest.mark.timing("io-sleep")
def test_io_sleep(case: TimedCase, benchmark: Clock) -> None:
    """Tasks that sleep; the ceiling: all that can be in flight, by the delay."""
    work = case.waiting("io_sleep", case.delay)
    benchmark.pedantic(work.release, teardown=work.prove, rounds=1, iterations=1)


@pytest.mark.timing("io-socket")
def test_io_socket(case: TimedCase, benchmark: Clock) -> None:
    """Requests to a local server that answers late; the ceiling: all that can be in flight, by the delay."""
    work = case.waiting("io_socket", case.port, case.delay)
    benchmark.pedantic(work.release, teardown=work.prove, rounds=1, iterations=1)
