"""Condensed names are those of exactly the cells that they stand for, as a shell would expand them."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.model.cells import STATIC, Cell
from poolproof.report.say.condensed import condensed

VARIANTS = st.sampled_from([(("ack", "early"), ("crash", crash)) for crash in ("exit", "segv", "kill")])
CELLS = st.builds(
    Cell,
    st.sampled_from(["prefork", "solo"]),
    st.sampled_from([1, 2, 4]),
    st.sampled_from([0, 1, 4]),
    VARIANTS,
)


def expanded(text: str) -> list[str]:
    parts = [part.strip("{}").split(",") for part in re.split(r"({[^}]*})", text) if part]
    return ["".join(each) for each in product(*parts)]


@given(st.lists(CELLS, min_size=1, unique=True))
def test_nothing_is_lost_nothing_added_nothing_named_twice(cells: list[Cell]) -> None:
    named = [name for text in condensed(cell.axes() for cell in cells) for name in expanded(text)]
    assert sorted(named) == sorted(cell.id for cell in cells)


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        pytest.param([Cell("solo", 1, 4)], ["solo-c1-p4"], id="one"),
        pytest.param([Cell("solo", c, 4) for c in (4, 1, 1)], ["solo-c{1,4}-p4"], id="one-axis-and-a-double"),
        pytest.param(
            [Cell("solo", c, p, (("way", "x"),)) for c in (1, 4) for p in (0, 1)],
            ["solo-c{1,4}-p{0,1}-x"],
            id="two-axes",
        ),
        pytest.param(
            [Cell("solo", 1, 0), Cell("solo", 1, 1), Cell("solo", 4, 0)],
            ["solo-c1-p{0,1}", "solo-c4-p0"],
            id="not-crossed-fully",
        ),
        pytest.param(
            [Cell("gevent", 1, 4), Cell("prefork", 1, 4)], ["prefork-c1-p4", "gevent-c1-p4"], id="two-pools"
        ),
        pytest.param([STATIC], ["static"], id="static"),
    ],
)
def test_names(cells: list[Cell], names: list[str]) -> None:
    assert condensed(cell.axes() for cell in cells) == names
