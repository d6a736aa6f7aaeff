"""The condition `when = { pool = "solo", concurrency = 4 }`, which exclusions, rules and mutants share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

from msgspec import Meta

from poolproof.catalogue.mistakes import under, unknown
from poolproof.catalogue.typed import SOME, Text
from poolproof.model.cells import POOL, Cell, Value

# No pattern in here: in a list of a union msgspec 0.22 frees it too often, and the process ends with SIGSEGV.
Values = Annotated[
    str | int | Annotated[tuple[str | int, ...], SOME],
    Meta(description="must be a text in quotes, a whole number, or a list of those"),
]
When = Annotated[dict[Text, Values], SOME]
"""The values that match, by axis. A cell matches when all its axes do; without axes every cell matches."""


def fits(when: When, cell: Cell) -> bool:
    """Whether the cell has one of the named values on each of these axes."""
    at = cell.axes()
    return all(axis in at and at[axis] in _listed(values) for axis, values in when.items())


def check(when: When, known: Mapping[str, Collection[Value]]) -> None:
    """Refuse an axis, or a value of one, that no cell can have."""
    for axis, values in when.items():
        if axis not in known:
            raise unknown("axis", axis, known)
        for value in _listed(values):
            if value not in known[axis]:
                with under(axis):
                    raise unknown(POOL if axis == POOL else "value", value, known[axis])


def _listed(values: Values) -> tuple[Value, ...]:
    return values if isinstance(values, tuple) else (values,)
