"""What was seen of memory and files that prefork children inherited."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Read:
    """How many `pages` of an inherited object were the child's alone, before and after it was read."""

    what: str
    pages: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Written:
    """How many `pages` of a buffer were the child's alone, and which ones after one was written to."""

    pages: int
    before: int
    after: tuple[int, ...]
    written: int


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that the manager opened before it forked, and its state there before and after a child's use.

    A position is None where the file is closed. `read` is how many bytes the child read.
    """

    how: str
    read: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """The KiB of a part of a child's memory that other processes share, and the KiB that are its own."""

    name: str
    shared: int
    private: int
