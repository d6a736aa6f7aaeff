"""The list of cells whose worker was too slow for all messages of the stream."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from poolproof.model.record import TrialLine
from poolproof.model.verdict import TrialOutcome
from poolproof.report.read.join import Joined
from poolproof.report.say import slow_cells
from tests.markdown import shown


def joined(*trials: tuple[str, TrialOutcome, int]) -> Joined:
    return of([offered(*trial) for trial in trials])


def offered(cell: str, outcome: TrialOutcome, taken: int) -> TrialLine:
    facts = {"sent_messages": taken, "wanted_messages": 1000}
    return replace(line(cell, outcome, messages=taken), facts=facts)


def of(lines: list[TrialLine]) -> Joined:
    return cast(Joined, SimpleNamespace(runs=[SimpleNamespace(trials=lines)]))


def line(cell: str, outcome: TrialOutcome, **witness: int) -> TrialLine:
    return TrialLine(1, outcome, witness, "seen", 0.5, claim="lifecycle.recycles", cell=cell)


def test_a_slow_cell_is_listed_by_its_median() -> None:
    text = shown(
        slow_cells.section(
            joined(
                ("gevent-c1-p1-one", "satisfied", 12),
                ("gevent-c1-p1-one", "satisfied", 14),
                ("gevent-c1-p1-one", "satisfied", 900),
            )
        )
    )
    assert "`gevent-c1-p1-one` took 14 of 1000" in text


@pytest.mark.parametrize(
    "trials",
    [(), (("prefork-c1-p1-one", "satisfied", 1000),), (("prefork-c1-p1-one", "void", 3),)],
    ids=["none", "all taken", "void"],
)
def test_nothing_is_said_of_cells_that_keep_up(trials: tuple[tuple[str, TrialOutcome, int], ...]) -> None:
    assert shown(slow_cells.section(joined(*trials))) == ""


def test_an_earlier_record_says_it_in_its_witness() -> None:
    trial = line("solo-c1-p4-one", "satisfied", messages=9, messages_wanted=1000)
    text = shown(slow_cells.section(of([trial])))
    assert "`solo-c1-p4-one` took 9 of 1000" in text


def test_trials_without_a_stream_are_passed_over() -> None:
    assert shown(slow_cells.section(of([line("solo-c1-p4", "satisfied", tasks_running=1)]))) == ""
