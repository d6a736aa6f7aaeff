"""Workers broken on purpose, each in one named way: the proof that the claims can fail.

A mutant patches Celery, kombu or billiard inside the worker and reports each time that it acts. So a
mutant that never acted voids its trial, instead of counting as undetected.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from probes.modules import import_all
from probes.mutants.registry import MUTANTS, counted
from probes.settings import SETTINGS

__all__ = ["MUTANTS", "apply_requested"]


def apply_requested() -> None:
    """Break this worker in every way that its settings name."""
    if not SETTINGS.mutants:
        return
    import_all(sys.modules[__name__])
    for name in SETTINGS.mutants:
        apply: Callable[[Callable[[], None]], None] = MUTANTS[name]
        apply(counted(name))
