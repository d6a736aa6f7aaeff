"""A task module that imports NumPy at its top, as usual: a worker that forks has loaded it before.

It is not part of `probes.tasks`, so that only its own claims import NumPy: `--include` loads it.
"""

from __future__ import annotations

import numpy

from probes.tasks.recorded import note, recorded


def solve(side: int) -> int:
    """The sum of the solution of `side` equations: each unknown is one. LAPACK factorizes."""
    equations = numpy.identity(side) + numpy.ones((side, side))
    return int(numpy.linalg.solve(equations, equations.sum(axis=1)).sum().round())


def cube(side: int) -> int:
    """The third power of `side`, summed from the product of two matrices that NumPy multiplies in BLAS."""
    ones = numpy.ones((side, side))
    return int(numpy.matmul(ones, ones).sum())


@recorded
def calculate(side: int) -> str:
    """Solve equations and multiply matrices, record both results, and return them.

    Solving comes first: multiplying starts the threads again that a fork has ended, and the builds of
    OpenBLAS that hung did so when a factorization was the first to need them.
    """
    found = f"{solve(side)} {cube(side)}"
    note("calculated", found)
    return found


# BLAS has started its threads now: a process that is forked later is forked from one that has used BLAS.
solve(300)
cube(300)
