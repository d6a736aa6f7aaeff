"""Mutants of how much memory workers need and which memory they share."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

from celery.signals import task_postrun, task_prerun, worker_process_init

from probes.mutants.later import later
from probes.mutants.registry import Applied, mutant
from probes.tasks import memory

BALLAST = 128 * 2**20
"""Bytes: three times the memory of a whole worker."""
LITTLE = 2**20
"""Bytes: a fortieth of it."""
_held: list[bytes] = []
_pages: list[mmap.mmap] = []


@mutant
def ballast_in_solo(applied: Applied) -> None:
    """A solo worker holds memory that it does not need."""
    if "--pool=solo" in sys.argv:
        _load(applied)


@mutant
def ballast_in_solo_later(applied: Applied) -> None:
    """A solo worker takes memory that it does not need, once it has run a few tasks."""
    due = later()

    def load(**_: object) -> None:
        if due() and not _held:
            _load(applied)

    if "--pool=solo" in sys.argv:
        task_postrun.connect(load, weak=False)


@mutant
def ballast_in_solo_at_work(applied: Applied) -> None:
    """A solo worker holds memory that it does not need while it runs a task, and none at rest."""

    def load(**_: object) -> None:
        _load(applied)

    def unload(**_: object) -> None:
        _held.clear()

    if "--pool=solo" in sys.argv:
        task_prerun.connect(load, weak=False)
        task_postrun.connect(unload, weak=False)


@mutant
def a_little_ballast_in_solo(applied: Applied) -> None:
    """A solo worker holds a little that it does not need, and so weighs more than a worker with threads."""
    if "--pool=solo" in sys.argv:
        _load(applied, LITTLE)


@mutant
def ballast_in_each_child(applied: Applied) -> None:
    """Each prefork child holds memory of its own, as if a fork shared nothing."""
    manager = os.getpid()

    def load(**_: object) -> None:
        if os.getpid() != manager:  # solo sends this signal as well
            _load(applied)

    worker_process_init.connect(load, weak=False)


def _load(applied: Applied, size: int = BALLAST) -> None:
    _held.append(b"x" * size)  # pages of zeros would cost nothing
    applied()


@mutant
def copies_everything(applied: Applied) -> None:
    """Each prefork child writes to every page that it inherits, so that none is shared any more."""

    def copy(**_: object) -> None:
        _copy(applied)

    worker_process_init.connect(copy, weak=False)


@mutant
def copies_most(applied: Applied) -> None:
    """Each prefork child writes to three of four pages that it inherits."""

    def copy(**_: object) -> None:
        _copy(applied, spared=4)

    worker_process_init.connect(copy, weak=False)


@mutant
def copies_everything_later(applied: Applied) -> None:
    """Each prefork child writes to every page that it inherits, once it has run a few tasks."""
    due = later()

    def copy(**_: object) -> None:
        if due():
            _copy(applied)

    task_postrun.connect(copy, weak=False)


def _copy(applied: Applied, spared: int = 0) -> None:
    """Write to every page, or spare one of so many."""
    for n, page in enumerate(_writable_pages()):
        if not spared or n % spared:
            ctypes.memmove(page, page, 1)
    applied()


def _writable_pages() -> Iterator[int]:
    """The address of each page that this process may write to and that comes from no file."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, permissions, _, _, _, *path = line.split()
        if permissions.startswith("rw") and (not path or path == ["[heap]"]):
            start, _, end = addresses.partition("-")
            yield from range(int(start, 16), int(end, 16), mmap.PAGESIZE)


@mutant
def keeps_code_read_only(applied: Applied) -> None:
    """The bytecode of a task lies in a page that nobody may write to."""

    def address_of(code: CodeType) -> int:
        page = mmap.mmap(-1, mmap.PAGESIZE)
        page.write(code.co_code[: mmap.PAGESIZE])
        _pages.append(page)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        ctypes.CDLL(None).mprotect(ctypes.c_void_p(address), mmap.PAGESIZE, mmap.PROT_READ)
        applied()
        return address

    memory.address_of = address_of
