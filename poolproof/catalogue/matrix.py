"""The matrix: which cells there are, which are left out and why, and how much each tier asks of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from itertools import product
from pathlib import Path

from poolproof.catalogue.fields import Reader, list_of, may, one_of, table, text, whole
from poolproof.catalogue.mistakes import Mistake, blaming, shown, under, unknown
from poolproof.catalogue.tiers import TIERS, Tier
from poolproof.catalogue.timing import NOTHING_TIMED, Timing, timing
from poolproof.catalogue.toml_file import load_toml
from poolproof.catalogue.when import WHEN, Value, When
from poolproof.model.cells import POOLS, STATIC, Cell
from poolproof.model.errors import BadInput

AXES = ("concurrency", "prefetch")
"""The axes that a claim may be over, besides its own variants; the pool is always crossed."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of one axis, and where it stands for a claim that is not over it."""

    values: tuple[int, ...]
    default: int


@dataclass(frozen=True, slots=True)
class Exclude:
    """Cells of some claims that are not run, and why."""

    when: When
    reason: str
    claims: tuple[str, ...] = ("*",)

    def names(self, claim_id: str) -> bool:
        """Whether the claim is among those of which this speaks."""
        return any(fnmatchcase(claim_id, pattern) for pattern in self.claims)

    def covers(self, claim_id: str, cell: Cell) -> bool:
        """Whether this leaves the cell of that claim out."""
        return self.names(claim_id) and self.when.fits(cell)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All of `matrix.toml`; `file` is its name as messages give it."""

    file: str
    pools: tuple[str, ...]
    concurrency: Mapping[str, Axis]
    prefetch: Axis
    tiers: Mapping[str, Tier]
    timing: Timing = NOTHING_TIMED
    exclude: tuple[Exclude, ...] = ()

    def tier(self, name: str) -> Tier:
        """The tier of that name; BadInput when there is none."""
        if name not in self.tiers:
            raise BadInput(f"{self.file}: tiers: {unknown('tier', name, self.tiers)}")
        return self.tiers[name]

    def cross(
        self, pool: str, over: Collection[str], variants: Mapping[str, tuple[str, ...]]
    ) -> tuple[Cell, ...]:
        """Every cell of a pool over these axes, others at their default, with every choice of variants."""
        if pool == STATIC.pool:
            plain = [STATIC]
        else:
            concurrency = _values(self.concurrency[pool], "concurrency" in over)
            prefetch = _values(self.prefetch, "prefetch" in over)
            plain = [Cell(pool, c, p) for c, p in product(concurrency, prefetch)]
        choices = [[(name, value) for value in values] for name, values in variants.items()]
        return tuple(replace(cell, variants=chosen) for cell in plain for chosen in product(*choices))

    def known_axes(self, pools: Collection[str]) -> dict[str, Collection[Value]]:
        """What `when` may say of these pools: each axis with the values that it takes in any of them."""
        counts = dict.fromkeys(c for pool in pools for c in self.concurrency[pool].values)
        return {"pool": pools, "concurrency": tuple(counts), "prefetch": self.prefetch.values}


def load_matrix(path: Path) -> Matrix:
    """Read and check `matrix.toml`; what an exclusion says of claims is checked with the catalogue."""
    raw = load_toml(path)
    with blaming(shown(path)):
        return _reader(shown(path))(raw)


def _values(axis: Axis, crossed: bool) -> tuple[int, ...]:
    return axis.values if crossed else (axis.default,)


def _axis(values: tuple[int, ...], default: int) -> Axis:
    if default not in values:
        raise Mistake(f"is {default}, must be one of values: {', '.join(map(str, values))}", "default")
    return Axis(values, default)


def _axis_from(least: int) -> Reader[Axis]:
    return table(_axis, values=list_of(whole(least)), default=whole(least))


_EXCLUDE = table(Exclude, claims=may(list_of(text)), when=WHEN, reason=text)


def _reader(file: str) -> Reader[Matrix]:
    return table(
        partial(_matrix, file),
        pools=list_of(one_of("pool", POOLS)),
        concurrency=table(dict, **{pool: may(_axis_from(1)) for pool in POOLS}),
        prefetch=_axis_from(0),
        exclude=may(list_of(_EXCLUDE)),
        tiers=TIERS,
        timing=may(timing(AXES)),
    )


def _matrix(
    file: str,
    pools: tuple[str, ...],
    concurrency: dict[str, Axis],
    prefetch: Axis,
    tiers: dict[str, Tier],
    timing: Timing = NOTHING_TIMED,
    exclude: tuple[Exclude, ...] = (),
) -> Matrix:
    matrix = Matrix(file, pools, concurrency, prefetch, tiers, timing, exclude)
    _check_pools(matrix)
    _check_exclusions(matrix)
    return matrix


def _check_pools(matrix: Matrix) -> None:
    for pool in matrix.pools:
        if pool not in matrix.concurrency:
            raise Mistake("is missing; add it, or take it out of pools", "concurrency", pool)
    for pool in matrix.concurrency:
        if pool not in matrix.pools:
            raise Mistake("is not among pools; add it there, or leave it out", "concurrency", pool)


def _check_exclusions(matrix: Matrix) -> None:
    cells = [cell for pool in matrix.pools for cell in matrix.cross(pool, AXES, {})]
    known = matrix.known_axes(matrix.pools)
    for n, exclude in enumerate(matrix.exclude, 1):
        # An axis that is not known here may be a claim's variant; the catalogue knows those.
        plain = When(tuple(pair for pair in exclude.when.axes if pair[0] in known))
        with under("exclude"), under(f"#{n}"), under("when"):
            _check_when(plain, known, cells)
    for n, left_out in enumerate(matrix.timing.exclude, 1):
        with under("timing"), under("exclude"), under(f"#{n}"), under("when"):
            _check_when(left_out.when, known, cells)


def _check_when(when: When, known: Mapping[str, Collection[Value]], cells: Collection[Cell]) -> None:
    when.check(known)
    if not any(map(when.fits, cells)):
        raise Mistake("matches no cell of the matrix; mend it, or leave the exclusion out")
