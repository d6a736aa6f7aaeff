"""A shard: one part of a run that several machines divide. All shards together decide the whole run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from poolproof.catalogue.mistakes import show
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shard:
    """The shard `number`, from 1, of `of`; written `2/5`."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @property
    def suffix(self) -> str:
        """What tells the shard's run from the others that begin in the same second; empty for a whole run."""
        return "" if self.of == 1 else f"-{self.number}of{self.of}"

    def cells(self, planned: Sequence[tuple[T, Cell]]) -> list[tuple[T, Cell]]:
        """This shard's part of what is planned, in the same order; each claim and cell is in one shard alone.

        What is planned for one cell stays together, for claims that only look share its lifetimes. The
        fullest cells are dealt first, each to the shard that has least.
        """
        sizes = Counter(cell for _, cell in planned)
        loads, home = [0] * self.of, dict[Cell, int]()
        for cell in sorted(sizes, key=lambda cell: (-sizes[cell], cell.id)):
            home[cell] = loads.index(min(loads))
            loads[home[cell]] += sizes[cell]
        return [(claim, cell) for claim, cell in planned if home[cell] == self.number - 1]

    def others(self, things: Sequence[T]) -> list[T]:
        """This shard's part of what takes no time, dealt in turn."""
        return list(things[self.number - 1 :: self.of])


WHOLE = Shard(1, 1)
"""What a run is when nobody shares it."""


def parse(text: str) -> Shard:
    """The shard that `2/5` names; BadInput, naming the option, when it names none."""
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    number, of = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= of:
        raise BadInput(f"--shard: {show(text)} is no shard; write 2/5 for the second of five")
    return Shard(number, of)
