"""The matrix: which cells exist, which are left out and why, and how many trials each tier makes of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, defstruct

from poolproof.catalogue import when
from poolproof.catalogue.mistakes import Mistake, blaming, shown, under, unknown
from poolproof.catalogue.tiers import TIERS, Tier, TierName
from poolproof.catalogue.timing import NOTHING_TIMED, Timing
from poolproof.catalogue.toml_file import load_toml
from poolproof.catalogue.typed import MOST, SOME, Table, Text, read
from poolproof.catalogue.when import When
from poolproof.model.cells import AXES, POOL, STATIC, Axis, Cell, Pool, Value
from poolproof.model.errors import BadInput

Number = TypeVar("Number")
PoolName = Annotated[Pool, Meta(title="pool")]


class Values(Table, Generic[Number], frozen=True):
    """The values of one axis, and its value for a claim that does not depend on it."""

    values: Annotated[tuple[Number, ...], SOME]
    default: Number

    def __post_init__(self) -> None:
        if self.default not in self.values:
            known = ", ".join(map(str, self.values))
            raise Mistake(f"is {self.default}, must be one of values: {known}", "default")


class Exclude(Table, frozen=True):
    """Cells of some claims that are not run, and why."""

    when: When
    reason: Text
    claims: Annotated[tuple[Text, ...], SOME] = ("*",)

    def names(self, claim_id: str) -> bool:
        """Whether this exclusion concerns the claim."""
        return any(fnmatchcase(claim_id, pattern) for pattern in self.claims)

    def covers(self, claim_id: str, cell: Cell) -> bool:
        """Whether this exclusion leaves out the cell of that claim."""
        return self.names(claim_id) and when.fits(self.when, cell)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All of `matrix.toml`; `file` is its name in messages, `axes` has the values by axis and pool."""

    file: str
    pools: tuple[str, ...]
    axes: Mapping[str, Mapping[str, Values[int]]]
    tiers: Mapping[str, Tier]
    timing: Timing = NOTHING_TIMED
    exclude: tuple[Exclude, ...] = ()

    def tier(self, name: str) -> Tier:
        """The tier with that name; BadInput when there is none."""
        if name not in self.tiers:
            raise BadInput(f"{self.file}: tiers: {unknown('tier', name, self.tiers)}")
        return self.tiers[name]

    def default(self, axis: str, pool: str) -> int:
        """The value of an axis for claims that do not depend on it."""
        return self.axes[axis][pool].default

    def cross(
        self, pool: str, over: Collection[str], variants: Mapping[str, tuple[str, ...]]
    ) -> tuple[Cell, ...]:
        """Every cell of a pool over these axes, others at their default, with all values of the variants."""
        numbers = {} if pool == STATIC.pool else {name: by_pool[pool] for name, by_pool in self.axes.items()}
        plain: dict[str, tuple[Value, ...]] = {
            name: axis.values if name in over else (axis.default,) for name, axis in numbers.items()
        }
        fixed = {POOL: pool} if numbers else STATIC.axes()
        choices = {**plain, **variants}
        return tuple(
            Cell.at(fixed | dict(zip(choices, chosen, strict=True))) for chosen in product(*choices.values())
        )

    def known_axes(self, pools: Collection[str]) -> dict[str, Collection[Value]]:
        """What `when` may name for these pools: each axis with its values in any of them."""
        return {POOL: pools} | {
            name: tuple(dict.fromkeys(value for pool in pools for value in by_pool[pool].values))
            for name, by_pool in self.axes.items()
        }


def load_matrix(path: Path) -> Matrix:
    """Read and check `matrix.toml`; its exclusions are checked later, with the catalogue."""
    raw = load_toml(path)
    with blaming(shown(path)):
        written: Any = read(raw, MatrixFile)
        for tier in TIERS:
            if tier not in written.tiers:
                raise Mistake("is missing; add it", "tiers", tier)
        axes = {name: _by_pool(name, getattr(written, name), written.pools) for name in AXES}
        matrix = Matrix(shown(path), written.pools, axes, written.tiers, written.timing, written.exclude)
        _check_exclusions(matrix)
    return matrix


def _type(axis: Axis) -> Any:
    """The type of an axis in the matrix."""
    mend = f"must be a whole number, {axis.least} or more"
    values: Any = Values[Annotated[int, Meta(ge=axis.least, le=MOST, description=mend)]]
    return dict[PoolName, values] if axis.by_pool else values


MatrixFile = defstruct(
    "MatrixFile",
    [
        ("pools", Annotated[tuple[PoolName, ...], SOME]),
        *((name, _type(axis)) for name, axis in AXES.items()),
        ("tiers", dict[Annotated[TierName, Meta(title="tier")], Tier]),
        ("timing", Timing, NOTHING_TIMED),
        ("exclude", Annotated[tuple[Exclude, ...], SOME], ()),
    ],
    bases=(Table,),
    frozen=True,
    forbid_unknown_fields=True,
)
"""The contents of `matrix.toml`: a table for each axis."""


def _by_pool(name: str, written: Any, pools: tuple[str, ...]) -> Mapping[str, Values[int]]:
    if not AXES[name].by_pool:
        return dict.fromkeys(pools, written)
    for pool in pools:
        if pool not in written:
            raise Mistake("is missing; add it, or take it out of pools", name, pool)
    for pool in written:
        if pool not in pools:
            raise Mistake("is not among pools; add it there, or leave it out", name, pool)
    return {pool: written[pool] for pool in pools}


def _check_exclusions(matrix: Matrix) -> None:
    cells = [cell for pool in matrix.pools for cell in matrix.cross(pool, AXES, {})]
    known = matrix.known_axes(matrix.pools)
    for n, exclude in enumerate(matrix.exclude, 1):
        # An axis that is unknown here may be a claim's variant; the catalogue knows those.
        plain = {axis: values for axis, values in exclude.when.items() if axis in known}
        with under("exclude"), under(f"#{n}"), under("when"):
            _check_when(plain, known, cells)
    for n, left_out in enumerate(matrix.timing.exclude, 1):
        with under("timing"), under("exclude"), under(f"#{n}"), under("when"):
            _check_when(left_out.when, known, cells)


def _check_when(condition: When, known: Mapping[str, Collection[Value]], cells: Collection[Cell]) -> None:
    when.check(condition, known)
    if not any(when.fits(condition, cell) for cell in cells):
        raise Mistake("matches no cell of the matrix; mend it, or leave the exclusion out")
