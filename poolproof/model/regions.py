"""A region of a process's memory, as the kernel lists it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """One mapping of a process: addresses, permissions such as `rw-p`, and pages in KiB.

    `path` is empty where the pages come from the process itself and not from a file. Pages that another
    process uses as well are `shared`.
    """

    start: int
    end: int
    permissions: str
    path: str
    shared: int
    private: int

    @property
    def writable(self) -> bool:
        """Whether the process may write to it."""
        return "w" in self.permissions

    @property
    def anonymous(self) -> bool:
        """Whether it contains data that the process made, such as Python's objects, and no file."""
        return not self.path or self.path == "[heap]"
