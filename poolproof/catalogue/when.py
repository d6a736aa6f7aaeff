"""The condition `when = { pool = "solo", concurrency = 4 }`, which exclusions and expected rules share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from poolproof.catalogue.fields import Reader, list_of, mapping, text, whole
from poolproof.catalogue.mistakes import Mistake, show, under, unknown
from poolproof.model.cells import Cell

Value = str | int


@dataclass(frozen=True, slots=True)
class When:
    """Axes and, for each, the values that fit; without axes it fits every cell."""

    axes: tuple[tuple[str, tuple[Value, ...]], ...] = ()

    def fits(self, cell: Cell) -> bool:
        """Whether the cell has each of these axes at one of the values named."""
        at = cell.axes()
        return all(axis in at and at[axis] in values for axis, values in self.axes)

    def check(self, known: Mapping[str, Collection[Value]]) -> None:
        """Refuse an axis, or a value of one, that no cell can have."""
        for axis, values in self.axes:
            if axis not in known:
                raise unknown("axis", axis, known)
            for value in values:
                if value not in known[axis]:
                    with under(axis):
                        raise unknown("pool" if axis == "pool" else "value", value, known[axis])


def _value(raw: object) -> Value:
    if isinstance(raw, str):
        return text(raw)
    try:
        return whole(0)(raw)
    except Mistake:
        raise Mistake(
            f"is {show(raw)}, must be a text in quotes, a whole number, or a list of those"
        ) from None


def _values(raw: object) -> tuple[Value, ...]:
    return list_of(_value)(raw) if isinstance(raw, list) else (_value(raw),)


def _read(raw: object) -> When:
    return When(tuple(mapping(text, _values)(raw).items()))


WHEN: Reader[When] = _read
"""A value, or a list of values of which one must fit, an axis."""
