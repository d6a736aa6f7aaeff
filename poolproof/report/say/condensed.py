"""Many cells in few words: `prefork-c{1,2,4}-p4-{exit,kill}`, as a shell would expand it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod

from poolproof.model.cells import AXES, POOL, POOLS, STATIC, Axes, cell_id

Box = Sequence[Axes]


def condensed(axes: Iterable[Axes]) -> list[str]:
    """A text for each group of cells that cross their axes fully, given the axes of each cell."""
    distinct = list({tuple(sorted(each.items())): each for each in axes}.values())
    kinds: dict[tuple[str, ...], list[Axes]] = {}
    for each in sorted(distinct, key=lambda each: (*POOLS, STATIC.pool).index(str(each[POOL]))):
        kinds.setdefault((str(each[POOL]), *sorted(each)), []).append(each)
    return [_text(box) for kind in kinds.values() for box in _boxes(kind)]


def _boxes(cells: Box) -> list[Box]:
    """The cells, split along the axis that takes the fewest full boxes."""
    values = _values(cells)
    if prod(map(len, values.values())) == len(cells):
        return [cells]
    return min((_split(cells, axis, known) for axis, known in values.items() if known[1:]), key=len)


def _split(cells: Box, axis: str, values: Sequence[str | int]) -> list[Box]:
    parts = ([cell for cell in cells if cell[axis] == value] for value in values)
    return [box for part in parts for box in _boxes(part)]


def _values(cells: Box) -> Mapping[str, list[str | int]]:
    """The values of each axis: numbers by size, words in the order of the cells."""
    found = {axis: list(dict.fromkeys(cell[axis] for cell in cells)) for axis in cells[0]}
    return {axis: sorted(known) if axis in AXES else known for axis, known in found.items()}


def _text(cells: Box) -> str:
    """The id of a cell, with braces where it has several values."""
    return cell_id({axis: _braced(known) for axis, known in _values(cells).items()})


def _braced(values: Sequence[str | int]) -> str:
    return str(values[0]) if len(values) == 1 else f"{{{','.join(map(str, values))}}}"
