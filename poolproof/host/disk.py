"""Disks get full: that is told in one line, and never as something that the worker did."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poolproof.model.errors import BadInput

SPACE = 16 * 2**20
"""Bytes that must be free, more than the events and logs of one trial take."""
SPACE_FOR_RUN = 4 * SPACE
"""Bytes that must be free before anything is started: more than the folders of refuted cells take as well."""


@contextmanager
def writable(place: Path) -> Iterator[None]:
    """Tell in one line that something cannot be kept below `place`."""
    try:
        yield
    except OSError as error:
        why = error.strerror or "not every file can be copied"
        raise BadInput(f"{place}: cannot be written: {why}; free some space, and run again") from None


@contextmanager
def with_space(folder: Path) -> Iterator[None]:
    """See that the disk has space before and after; BadInput replaces whatever is raised without it.

    Workers that cannot record what they do would seem not to have done it.
    """
    require_space(folder)
    try:
        yield
    finally:
        require_space(folder)


def require_space(folder: Path, needed: int = SPACE) -> None:
    """Refuse a folder on whose disk less than `needed` bytes are free."""
    if (free := shutil.disk_usage(folder).free) < needed:
        raise BadInput(
            f"{folder}: only {free // 2**20} MiB are free of the {needed // 2**20} that are needed, "
            "because workers record there; free some space, or set TMPDIR"
        )
