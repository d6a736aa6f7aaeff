"""A task module that uses NumPy and imports it at its top, as usual: a worker that forks has it by then.

It is no part of `probes.tasks`, so that only its own claims pay for the import: `--include` loads it.
"""

from __future__ import annotations

import numpy

from probes.tasks.recorded import note, recorded


def solve(side: int) -> int:
    """The sum of what solves as many equations as `side` says: each unknown is one. LAPACK factorizes."""
    equations = numpy.identity(side) + numpy.ones((side, side))
    return int(numpy.linalg.solve(equations, equations.sum(axis=1)).sum().round())


def cube(side: int) -> int:
    """The third power of `side`, summed from the product of two matrices that NumPy multiplies in BLAS."""
    ones = numpy.ones((side, side))
    return int(numpy.matmul(ones, ones).sum())


@recorded
def calculate(side: int) -> str:
    """Solve equations and multiply matrices, note both results, and return them.

    Solving comes first: multiplying starts the threads again that a fork has ended, and those builds of
    OpenBLAS that hung did so where a factorization was the first to need them.
    """
    found = f"{solve(side)} {cube(side)}"
    note("calculated", found)
    return found


# BLAS has its threads from here on: what is forked is forked from a process that has used it.
solve(300)
cube(300)
