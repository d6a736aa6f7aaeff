"""Shards are a partition of the plan: each cell is in exactly one, and no shard has all."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.catalogue.shards import WHOLE, Shard, parse
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput

Planned = list[tuple[str, Cell]]

CELLS = st.builds(
    Cell,
    st.sampled_from(["prefork", "solo"]),
    st.integers(1, 3),
    st.integers(0, 2),
    st.sampled_from([(), (("ack", "late"),), (("order", "late"),)]),
)
PLANS = st.lists(st.tuples(st.sampled_from("abcdef"), CELLS), max_size=60, unique=True)
OF = st.integers(1, 9)


def shards(of: int) -> list[Shard]:
    return [Shard(number, of) for number in range(1, of + 1)]


@given(PLANS, OF)
def test_each_claim_and_cell_is_in_exactly_one_shard(planned: Planned, of: int) -> None:
    parts = [shard.cells(planned) for shard in shards(of)]
    assert Counter(pair for part in parts for pair in part) == Counter(planned)


@given(PLANS, OF)
def test_what_is_planned_for_one_cell_stays_together(planned: Planned, of: int) -> None:
    homes = [{cell for _, cell in shard.cells(planned)} for shard in shards(of)]
    assert sum(map(len, homes)) == len(set().union(*homes))


@given(PLANS, OF)
def test_the_order_of_the_plan_stays(planned: Planned, of: int) -> None:
    for shard in shards(of):
        part = shard.cells(planned)
        assert part == [pair for pair in planned if pair in part]


@given(PLANS, OF)
def test_no_two_shards_differ_by_more_than_the_fullest_cell(planned: Planned, of: int) -> None:
    loads = [len(shard.cells(planned)) for shard in shards(of)]
    fullest = max((sum(other == cell for _, other in planned) for _, cell in planned), default=0)
    assert max(loads) - min(loads) <= fullest


@given(st.lists(st.integers()), OF)
def test_what_takes_no_time_is_dealt_in_turn(things: list[int], of: int) -> None:
    parts = [shard.others(things) for shard in shards(of)]
    assert sorted(thing for part in parts for thing in part) == sorted(things)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_run_that_nobody_shares_is_whole() -> None:
    planned = [("a", Cell("solo", 1, 4)), ("b", Cell("solo", 4, 4))]
    assert WHOLE.cells(planned) == planned
    assert WHOLE.others(planned) == planned


@pytest.mark.parametrize("text", ["1/1", "2/5", "5/5", "12/30"])
def test_a_shard_is_read_as_it_is_written(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["0/5", "6/5", "x", "2", "", "/", "2/", "/5", "-1/5", "2/0", "0/0", "2/5/7", "2 /5", "1.0/5", "²/5"],
)
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert str(caught.value) == f"--shard: {text!r} is no shard; write 2/5 for the second of five"
