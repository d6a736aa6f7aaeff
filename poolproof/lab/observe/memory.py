"""The mappings of a process, as the kernel lists them in /proc/<pid>/smaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from poolproof.model.errors import Void
from poolproof.model.regions import Region


def regions(pid: int) -> tuple[Region, ...]:
    """Every mapping of a process now; none when it is gone or may not be read."""
    try:
        text = Path(f"/proc/{pid}/smaps").read_text()
    except OSError:
        return ()
    return tuple(parse(text.splitlines()))


def own_mib(pid: int) -> float:
    """The proportional set size of the memory that belongs to no file, in MiB, as summed by the kernel.

    Void when the process is gone, may not be read, or the kernel gives no such sum.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) / 1024
    except (OSError, StopIteration):
        raise Void(f"what the process {pid} has of its own is not told in /proc/{pid}/smaps_rollup") from None


def parse(lines: Iterable[str]) -> Iterator[Region]:
    """Read smaps: one line of addresses for each mapping, then lines such as `Shared_Dirty: 8 kB`."""
    head: list[str] = []
    sums = {"Shared": 0, "Private": 0}
    for line in lines:
        word, *rest = line.split()
        if not word.endswith(":"):
            if head:
                yield _region(head, sums)
            head, sums = line.split(maxsplit=5), {"Shared": 0, "Private": 0}
        elif (kind := word.partition("_")[0]) in sums and word.endswith(("_Clean:", "_Dirty:")):
            sums[kind] += int(rest[0])
    if head:
        yield _region(head, sums)


def _region(head: list[str], sums: dict[str, int]) -> Region:
    start, _, end = head[0].partition("-")
    path = head[5] if len(head) > 5 else ""
    return Region(int(start, 16), int(end, 16), head[1], path, sums["Shared"], sums["Private"])
