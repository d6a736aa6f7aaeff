"""A full disk is reported in one line, and never taken for the worker's behaviour."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poolproof.model.errors import BadInput

SPACE = 16 * 2**20
"""Bytes that must be free, more than the events and logs of one trial take."""
SPACE_FOR_RUN = 4 * SPACE
"""Bytes that must be free before anything is started: also enough for the folders of refuted cells."""


@contextmanager
def writable(place: Path) -> Iterator[None]:
    """Report in one line that nothing can be written below `place`."""
    try:
        yield
    except OSError as error:
        why = error.strerror or "not every file can be copied"
        raise BadInput(f"{place}: cannot be written: {why}; free some space, and run again") from None


@contextmanager
def with_space(folder: Path) -> Iterator[None]:
    """Check the free disk space before and after; without it BadInput replaces any other error.

    A worker that cannot record its events would seem not to have done anything.
    """
    require_space(folder)
    try:
        yield
    finally:
        require_space(folder)


def require_space(folder: Path, needed: int = SPACE) -> None:
    """Refuse a folder whose disk has less than `needed` bytes free."""
    if (free := shutil.disk_usage(folder).free) < needed:
        raise BadInput(
            f"{folder}: only {free // 2**20} MiB are free of the {needed // 2**20} that are needed, "
            "because workers record there; free some space, or set TMPDIR"
        )
