"""What a worker has in memory and open before it forks, and tasks that read, write or close it."""

from __future__ import annotations

import ctypes
import mmap
import os
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

from probes.tasks.recorded import note, recorded, wait_at

PAGES = 64
TEXTS = 2000
FUNCTIONS = 400
WRITTEN = 7
"""The page that is written to."""
EXCLUSIVE = 1 << 56
"""The bit of an entry in a pagemap that says that no other process has this page."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something in memory: the pages that contain it, and how to read it."""

    pages: array[int]
    read: Callable[[], object]


def _buffer() -> tuple[mmap.mmap, array[int]]:
    """Raw memory, none of which is an object of the interpreter."""
    made = mmap.mmap(-1, PAGES * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    made.write(b"x" * len(made))
    first = ctypes.addressof(ctypes.c_char.from_buffer(made)) // mmap.PAGESIZE
    return made, array("Q", range(first, first + PAGES))


def _pages_of(objects: Iterable[object]) -> array[int]:
    return array("Q", sorted({id(each) // mmap.PAGESIZE for each in objects}))


def _functions() -> tuple[Any, ...]:
    """Functions as in a module: their code is compiled, and they only return."""
    made: dict[str, Any] = {}
    exec("\n".join(f"def f{n}(): return 'the result of f{n}'" for n in range(FUNCTIONS)), made)
    return tuple(each for each in made.values() if isinstance(each, FunctionType))


def _call(functions: Iterable[Callable[[], object]]) -> None:
    for function in functions:
        function()


_raw, _raw_pages = _buffer()
_written, _written_pages = _buffer()
_texts = [f"text number {n}: {'x' * 80}" for n in range(TEXTS)]
_called = _functions()
KEPT = {
    "buffer": Kept(_raw_pages, lambda: sum(_raw[:: mmap.PAGESIZE])),
    "list": Kept(_pages_of(_texts), lambda: sum(len(each) for each in _texts)),
    "code": Kept(_pages_of(each.__code__ for each in _called), lambda: _call(_called)),
}
FILES = {how: Path(__file__).open("rb", buffering=0) for how in ("read", "close")}  # noqa: SIM115
"""Open from now on, in every process that is forked from this one."""


def own(pages: array[int]) -> list[int]:
    """The positions in this list of the pages that no other process has."""
    with Path("/proc/self/pagemap").open("rb", buffering=0) as pagemap:
        entries = [os.pread(pagemap.fileno(), 8, page * 8) for page in pages]
    return [n for n, entry in enumerate(entries) if int.from_bytes(entry, "little") & EXCLUSIVE]


@recorded
def read_inherited(what: str) -> None:
    """Record how many pages contain it, and how many are this process's own before and after reading."""
    kept = KEPT[what]
    before = len(own(kept.pages))
    kept.read()
    note("read-inherited", f"{len(kept.pages)} {before} {len(own(kept.pages))}")


@recorded
def write_inherited() -> None:
    """Record which of the buffer's pages are this process's own, before and after one is written to."""
    before = own(_written_pages)
    _written[WRITTEN * mmap.PAGESIZE] = ord("y")
    after = own(_written_pages)
    note("wrote-inherited", f"{PAGES} {len(before)} {' '.join(map(str, after))}")


def close(number: int) -> None:
    """Close a descriptor of this process."""
    os.close(number)


@recorded
def use_open_file(how: str) -> None:
    """Read from the file that the main process opened, or close it; record its file descriptor."""
    number = FILES[how].fileno()
    if how == "read":
        note("used-file", f"{number} {len(os.read(number, 100))}")
    else:
        close(number)
        note("used-file", f"{number} 0")


@recorded
def tell_files(gate: str) -> None:
    """Record the descriptors of the files that the main process opened, and wait."""
    note("files", " ".join(str(FILES[how].fileno()) for how in ("read", "close")))
    wait_at(gate)
