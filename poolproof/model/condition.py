"""The shortest condition that separates the cells in which a claim holds from those where it is refuted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, permutations

from poolproof.model.cells import AXES, POOL, Cell, Value


def separate(holds: Sequence[Cell], refuted: Sequence[Cell]) -> str:
    """A sentence without its subject, as in `holds only if pool = prefork`; neither side may be empty.

    One axis is preferred to two, one condition to two, and a list of cells is the last choice: they are tried
    in this order.
    """
    axes = _telling_axes([*holds, *refuted])
    for size in (1, 2):
        found = [text for chosen in combinations(axes, size) for text in _conditions(chosen, holds, refuted)]
        if found:
            return min(found, key=len) if size > 1 else found[0]
    apart = (text for by, axis in permutations(axes, 2) for text in _apart(by, axis, holds, refuted))
    return next(apart, None) or _listed(holds, refuted)


def _telling_axes(cells: Sequence[Cell]) -> list[str]:
    """The axes that could be a reason: not those with one value, and not those that only depend on the pool.

    Without the second rule the different default concurrencies of the pools would look like a reason.
    """
    shared = set.intersection(*(set(cell.axes()) for cell in cells))
    ranked = sorted(shared, key=lambda axis: (axis != POOL, axis in AXES, axis))
    return [axis for axis in ranked if _values(cells, axis)[1:] and (axis == POOL or _varies(cells, axis))]


def _varies(cells: Sequence[Cell], axis: str) -> bool:
    """Whether the axis takes two values within one pool."""
    return len({(cell.pool, cell.get(axis)) for cell in cells}) > len({cell.pool for cell in cells})


def _conditions(axes: Sequence[str], holds: Sequence[Cell], refuted: Sequence[Cell]) -> Iterable[str]:
    """The conditions on exactly these axes, stated from either side, that are true of every cell."""
    everywhere = [*holds, *refuted]
    if not _reaches(axes, holds, refuted):
        yield "holds only if " + _described(axes, holds, everywhere)
    if len(axes) > 1 and not _reaches(axes, refuted, holds):
        yield "holds unless " + _described(axes, refuted, everywhere)


def _apart(by: str, axis: str, holds: Sequence[Cell], refuted: Sequence[Cell]) -> Iterable[str]:
    """Two conditions on one axis, if some values of the other need the first, and its others the second."""
    everywhere = [*holds, *refuted]
    groups: dict[tuple[Value, ...], list[Cell]] = {}
    for value in _values(everywhere, by):
        inside = _values((cell for cell in holds if cell.get(by) == value), axis)
        if set(inside) & set(_values((cell for cell in refuted if cell.get(by) == value), axis)):
            return
        groups.setdefault(tuple(inside), []).extend(cell for cell in everywhere if cell.get(by) == value)
    if len(groups) == 2:
        (one, some), (other, rest) = sorted(groups.items(), key=lambda group: len(_values(group[1], by)))
        yield (
            f"holds where {_atom(by, _values(some, by), _values(everywhere, by))}"
            f" only if {_atom(axis, [*one], _values(some, axis))},"
            f" elsewhere only if {_atom(axis, [*other], _values(rest, axis))}"
        )


def _reaches(axes: Sequence[str], side: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Whether the tightest box around one side contains a cell of the other."""
    box = [set(_values(side, axis)) for axis in axes]
    return any(
        all(cell.get(axis) in values for axis, values in zip(axes, box, strict=True)) for cell in other
    )


def _described(axes: Sequence[str], side: Sequence[Cell], everywhere: Sequence[Cell]) -> str:
    return " and ".join(_atom(axis, _values(side, axis), _values(everywhere, axis)) for axis in axes)


def _atom(axis: str, inside: Sequence[Value], known: Sequence[Value]) -> str:
    """A condition on one axis in the fewest words: `=`, `!=`, a threshold, or the values."""
    outside = [value for value in known if value not in inside]
    if len(inside) == 1:
        return f"{axis} = {inside[0]}"
    if len(outside) == 1:
        return f"{axis} != {outside[0]}"
    ordered = axis in AXES and AXES[axis].ordered
    if ordered and outside and inside == known[-len(inside) :]:
        return f"{axis} >= {inside[0]}"
    if ordered and outside and inside == known[: len(inside)]:
        return f"{axis} <= {inside[-1]}"
    return f"{axis} in ({', '.join(map(str, inside))})"


def _values(cells: Iterable[Cell], axis: str) -> list[Value]:
    """The values of an axis: numbers by size, words in the order of the cells."""
    found = dict.fromkeys(cell.get(axis) for cell in cells)
    return sorted(found, key=lambda value: value if isinstance(value, int) else 0)


def _listed(holds: Sequence[Cell], refuted: Sequence[Cell]) -> str:
    """The cells of the smaller side, when no condition on two axes separates the sides."""
    if len(refuted) <= len(holds):
        return "holds except in " + ", ".join(cell.id for cell in refuted)
    return "holds only in " + ", ".join(cell.id for cell in holds)
