"""Disks get full: that is told in one line, and never as something that the worker did."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poolproof.model.errors import BadInput

ROOM = 16 * 2**20
"""Bytes that must be free, more than the events and logs of one trial take."""
ROOM_FOR_RUN = 4 * ROOM
"""Bytes that must be free before anything is started: more than the folders of refuted cells take as well."""


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
    require_room(folder)
    try:
        yield
    finally:
        require_room(folder)


def require_room(folder: Path, room: int = ROOM) -> None:
    """Refuse a folder on whose disk less than `room` bytes are free."""
    if (free := shutil.disk_usage(folder).free) < room:
        raise BadInput(
            f"{folder}: only {free // 2**20} MiB are free of the {room // 2**20} that are needed, "
            "because workers record there; make room, or set TMPDIR"
        )
