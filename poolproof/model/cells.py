"""A cell: one combination of pool, concurrency, prefetch multiplier and a claim's variants; and its axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, get_args

Pool = Literal["prefork", "solo", "threads", "eventlet", "gevent"]
POOLS: tuple[Pool, ...] = get_args(Pool)
POOL = "pool"
"""The axis that every run fixes; the values of all other axes that a cell always has are numbers."""
Value = str | int
Axes = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Axis:
    """The description of one numeric axis of `Cell`; `letter` precedes the number in a cell's id.

    `least` is its smallest value, `default` Celery's own, if there is one. The matrix has values `by_pool`,
    or the same for all. A condition can be a threshold only on an `ordered` axis, where larger means more.
    """

    letter: str
    least: int
    default: int | None = None
    by_pool: bool = False
    ordered: bool = False


AXIS = "axis"


@dataclass(frozen=True, slots=True)
class Cell:
    """The place where a claim is decided; `variants` are pairs of name and value, sorted by name.

    A field with an `Axis` declares an axis: the matrix, the conditions, the record and the pages have it.
    """

    pool: str
    concurrency: int = field(metadata={AXIS: Axis("c", least=1, by_pool=True, ordered=True)})
    prefetch: int = field(metadata={AXIS: Axis("p", least=0, default=4)})
    variants: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "variants", tuple(sorted(self.variants)))

    @classmethod
    def at(cls, axes: Axes) -> Cell:
        """The cell with these axes; a record from before an axis existed gets the axis's default."""
        numbers = {
            name: int(axes[name] if axis.default is None else axes.get(name, axis.default))
            for name, axis in AXES.items()
        }
        variants = ((name, str(value)) for name, value in axes.items() if name not in (POOL, *AXES))
        return cls(pool=str(axes[POOL]), **numbers, variants=tuple(variants))

    @property
    def id(self) -> str:
        """The cell as it is written everywhere: `prefork-c4-p1-late`."""
        return cell_id({name: str(value) for name, value in self.axes().items()})

    @property
    def slots(self) -> int:
        """How many tasks the pool runs at once."""
        return 1 if self.pool == "solo" else self.concurrency

    def axes(self) -> dict[str, Value]:
        """Every axis of the cell by name, variants included."""
        numbers: dict[str, Value] = {name: getattr(self, name) for name in AXES}
        return {POOL: self.pool, **numbers, **dict(self.variants)}

    def get(self, axis: str) -> Value:
        """The value of one axis; KeyError when the cell has no such axis."""
        return self.axes()[axis]


AXES: Mapping[str, Axis] = {each.name: each.metadata[AXIS] for each in fields(Cell) if AXIS in each.metadata}
"""The numbers that every cell has, by name."""
STATIC = Cell(pool="static", concurrency=0, prefetch=0)
"""The one cell of a claim that needs no worker."""


def cell_id(texts: Mapping[str, str]) -> str:
    """The id of a cell whose axes have these texts; a static cell has no numbers."""
    variants = [texts[name] for name in sorted(texts) if name not in (POOL, *AXES)]
    numbers = [f"{axis.letter}{texts[name]}" for name, axis in AXES.items()]
    return "-".join([texts[POOL], *(() if texts[POOL] == STATIC.pool else numbers), *variants])
