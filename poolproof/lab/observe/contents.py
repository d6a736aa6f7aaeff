"""Searches the memory of a process for texts, so that we know where a message is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

PIECE = 1 << 20


def kept(pid: int, texts: Collection[str]) -> frozenset[str]:
    """Which of these texts are in the writable memory of a process."""
    wanted = {text.encode() for text in texts}
    overlap = max(map(len, wanted), default=1) - 1
    found = set[bytes]()
    for piece in _memory(pid, overlap):
        found |= {text for text in wanted - found if text in piece}
    return frozenset(text.decode() for text in found)


def _memory(pid: int, overlap: int) -> Iterator[bytes]:
    """The writable memory of a process, in pieces that overlap by so many bytes."""
    regions = [line.split()[:2] for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for addresses, _ in (region for region in regions if region[1].startswith("rw")):
            begin, end = (int(address, 16) for address in addresses.split("-"))
            for at in range(begin, end, PIECE):
                memory.seek(at)
                try:
                    yield memory.read(min(PIECE + overlap, end - at))
                except OSError:  # a region that no process can read, such as the memory of a device
                    break
