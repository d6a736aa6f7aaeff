"""A task that leaks, so that it shows how long its process has lived."""

from __future__ import annotations

from probes.app.tasks.recorded import note, recorded

leaked: list[bytes] = []


@recorded
def leak(size: int) -> None:
    """Keep `size` bytes for ever; note how many tasks of this process have done so."""
    leaked.append(bytes(size))
    note("leaked", len(leaked))
