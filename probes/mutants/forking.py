"""Mutants of what a forked child shares with its manager."""

from __future__ import annotations

import ctypes
import mmap
import os
import threading
from array import array
from collections.abc import Callable
from pathlib import Path

from celery.signals import worker_process_init, worker_ready

from probes.mutants.registry import Applied, mutant
from probes.tasks import forking

WHERE = ("[heap]", "[stack]")
LAST = 4
"""The fields that follow the permissions of a mapping that has a name."""


def _touch(pages: array[int]) -> None:
    """Write to each page the data that it already has."""
    for page in pages:
        ctypes.memmove(page * mmap.PAGESIZE, page * mmap.PAGESIZE, 1)


@mutant
def reading_writes(applied: Applied) -> None:
    """A child writes to each page of what it reads."""
    for what, kept in [*forking.KEPT.items()]:

        def read(pages: array[int] = kept.pages) -> None:
            applied()
            _touch(pages)

        forking.KEPT[what] = forking.Kept(kept.pages, read)


@mutant
def counts_no_references(applied: Applied) -> None:
    """A child reads objects without a reference to them, as if the interpreter counted none."""
    for what, kept in [*forking.KEPT.items()]:

        def read(pages: array[int] = kept.pages) -> None:
            applied()
            for page in pages:
                ctypes.string_at(page * mmap.PAGESIZE, mmap.PAGESIZE)

        forking.KEPT[what] = forking.Kept(kept.pages, read)


@mutant
def closes_for_all(applied: Applied) -> None:
    """When a child closes a file, its manager closes it as well."""
    reading, writing = os.pipe()
    original: Callable[[int], None] = forking.close

    def close_here() -> None:
        while number := os.read(reading, 4):
            original(int.from_bytes(number, "little"))
            os.write(answering, b".")

    def close(number: int) -> None:
        applied()
        original(number)
        os.write(writing, number.to_bytes(4, "little"))
        os.read(answered, 1)

    answered, answering = os.pipe()
    worker_ready.connect(lambda **_: threading.Thread(target=close_here, daemon=True).start(), weak=False)
    forking.close = close


@mutant
def opens_files_again(applied: Applied) -> None:
    """A child opens again each file that it inherits."""

    def reopen(**_: object) -> None:
        applied()
        for file in forking.FILES.values():
            again = os.open(file.name, os.O_RDONLY)
            os.dup2(again, file.fileno())
            os.close(again)

    worker_process_init.connect(reopen, weak=False)


@mutant
def owns_heap_and_stack(applied: Applied) -> None:
    """A child writes to every page of its heap and its stack as soon as it is forked."""

    def copy(**_: object) -> None:
        for line in Path("/proc/self/maps").read_text().splitlines():
            addresses, permissions, *more = line.split(maxsplit=5)
            if permissions == "rw-p" and (len(more) < LAST or more[-1] in WHERE):
                start, end = (int(at, 16) // mmap.PAGESIZE for at in addresses.split("-"))
                _touch(array("Q", range(start, end)))
        applied()

    worker_process_init.connect(copy, weak=False)
