"""A task with a breakpoint."""

from __future__ import annotations

import pdb

from probes.tasks.recorded import note, recorded


@recorded
def debug(secret: int) -> None:
    """Stop in Python's own debugger, with a variable that can be printed."""
    note("stopping", secret)
    pdb.set_trace()
