"""A cell: one combination of pool, concurrency, prefetch multiplier and a claim's variants."""

from __future__ import annotations

from dataclasses import dataclass

POOLS = ("prefork", "solo", "threads", "eventlet", "gevent")


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a claim is decided; `variants` are (name, value) pairs in the claim's own order."""

    pool: str
    concurrency: int
    prefetch: int
    variants: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The cell as it is written everywhere: `prefork-c4-p1-late`."""
        values = (value for _, value in self.variants)
        if self.pool == "static":
            return "-".join(("static", *values))
        return "-".join((self.pool, f"c{self.concurrency}", f"p{self.prefetch}", *values))

    @property
    def slots(self) -> int:
        """How many tasks the pool runs at once."""
        return 1 if self.pool == "solo" else self.concurrency

    def axes(self) -> dict[str, str | int]:
        """Every axis of the cell by name, variants included."""
        return {
            "pool": self.pool,
            "concurrency": self.concurrency,
            "prefetch": self.prefetch,
            **dict(self.variants),
        }

    def get(self, axis: str) -> str | int:
        """The value of one axis; KeyError when the cell has no such axis."""
        return self.axes()[axis]


STATIC = Cell(pool="static", concurrency=0, prefetch=0)
"""The one cell of a claim that needs no worker."""
