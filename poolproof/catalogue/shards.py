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
        """The part of the name that distinguishes shards begun in the same second; empty for a whole run."""
        return "" if self.of == 1 else f"-{self.number}of{self.of}"

    def cells(self, planned: Sequence[tuple[T, Cell]]) -> list[tuple[T, Cell]]:
        """This shard's part of the plan, in the same order; each claim and cell is in exactly one shard.

        The claims of one cell stay together, because claims that only observe share its lifetimes. The
        cells with the most claims are assigned first, each to the shard that has the least so far.
        """
        sizes = Counter(cell for _, cell in planned)
        loads, home = [0] * self.of, dict[Cell, int]()
        for cell in sorted(sizes, key=lambda cell: (-sizes[cell], cell.id)):
            home[cell] = loads.index(min(loads))
            loads[home[cell]] += sizes[cell]
        return [(claim, cell) for claim, cell in planned if home[cell] == self.number - 1]

    def others(self, things: Sequence[T]) -> list[T]:
        """This shard's part of the items that take no time, assigned in turn."""
        return list(things[self.number - 1 :: self.of])


WHOLE = Shard(1, 1)
"""The shard of a run that is not divided."""


def parse(text: str) -> Shard:
    """The shard in a text such as `2/5`; BadInput, with the option's name, when it is not one."""
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    number, of = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= of:
        raise BadInput(f"--shard: {show(text)} is no shard; write 2/5 for the second of five")
    return Shard(number, of)
