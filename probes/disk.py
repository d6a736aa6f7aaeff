"""Disks get full: that is told in one line, and never as something that the worker did."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from probes.errors import BadInput

ROOM = 16 * 2**20
"""Bytes that must be free, more than the events and logs of one trial take."""


@contextmanager
def writable(place: Path) -> Iterator[None]:
    """Tell in one line that something cannot be kept below `place`."""
    try:
        yield
    except OSError as error:
        why = error.strerror or "not every file can be copied"
        raise BadInput(f"{place}: cannot be written: {why}; make room, and run again") from None


@contextmanager
def roomy(folder: Path) -> Iterator[None]:
    """See that there is room before and after; BadInput takes the place of whatever is raised without it.

    Workers that cannot record what they do would seem not to have done it.
    """
    _require_room(folder)
    try:
        yield
    finally:
        _require_room(folder)


def _require_room(folder: Path) -> None:
    if (free := shutil.disk_usage(folder).free) < ROOM:
        raise BadInput(
            f"{folder}: only {free // 2**20} MiB are free, and workers record there; make room, or set TMPDIR"
        )
