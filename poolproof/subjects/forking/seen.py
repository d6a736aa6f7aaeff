"""What was seen of memory and files that prefork children inherited."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Read:
    """Of the `pages` of something inherited, how many were the child's alone before and after it was read."""

    what: str
    pages: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Written:
    """Of the `pages` of a buffer, how many were the child's alone, and which when one had been written to."""

    pages: int
    before: int
    after: tuple[int, ...]
    written: int


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that the manager opened before it forked, and the manager's view of it around a child's use.

    A position is None where the file is closed. `read` is how many bytes the child read.
    """

    how: str
    read: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """The KiB of a part of a child's memory that other processes have as well, and that are its own."""

    name: str
    shared: int
    private: int
