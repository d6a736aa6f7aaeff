"""A task module that uses NumPy and imports it at its top, as one does: a worker that forks has it by then.

No part of `probes.app.tasks`, for only its own claims should pay for the import: `--include` loads it.
"""

from __future__ import annotations

import numpy

from probes.app.tasks.recorded import note, recorded


def cube(side: int) -> int:
    """The third power of `side`, summed from the product of two matrices that NumPy multiplies in BLAS."""
    ones = numpy.ones((side, side))
    return int(numpy.matmul(ones, ones).sum())


@recorded
def matmul(side: int) -> None:
    """Multiply two matrices, and note the sum of the product."""
    note("multiplied", cube(side))


cube(300)  # BLAS has its threads from here on: what is forked is forked from a process that has used it
