"""Each claim can fail: its mutants refute it in every pool, and none holds on a worker that runs nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from poolproof.catalogue.claims import Claim, Mutant
from poolproof.catalogue.when import fits
from poolproof.host.broker import BrokerRequest
from poolproof.host.waiting import impatient
from poolproof.lab.lab import Lab
from poolproof.lab.site import Site, open_site
from poolproof.model.cells import Cell
from poolproof.model.verdict import CellVerdict, Fixed, Kind
from poolproof.run.trials import Question, TrialLoop, ask, setup
from tests.claims_in_suites import CATALOGUE, cells_of, question

Case = tuple[Claim, Cell, str]
"""A claim in one cell, tested on a worker with the mutant of that name."""


def fitting(mutants: Iterable[Mutant], cell: Cell) -> list[str]:
    """The mutants that act in that cell."""
    return [mutant.name for mutant in mutants if fits(mutant.when, cell)]


WORKER_CLAIMS = [claim for claim in CATALOGUE.values() if claim.kind != "static"]
IN_POOLS = [(claim, pool) for claim in WORKER_CLAIMS for pool in claim.pools]
HOLDING = [(claim, cell) for claim, pool in IN_POOLS for cell in cells_of(claim, pool, "holds")]
MISSED: dict[Kind, CellVerdict] = {"sometimes": "not seen"}
"""The verdict on a claim of that kind that does not hold; a claim of another kind is refuted."""
REFUTED = [
    (claim, cell)
    for claim, pool in IN_POOLS
    for cell in cells_of(claim, pool, MISSED.get(claim.kind, "refuted"))
]
BROKEN = [(claim, cell, name) for claim, cell in HOLDING for name in fitting(claim.mutants, cell)]
MENDED = [(claim, cell, name) for claim, cell in REFUTED for name in fitting(claim.as_documented, cell)]
NULL = [(claim, cells_of(claim, pool)[0], "null-worker") for claim, pool in IN_POOLS]


def once(cases: Iterable[Case]) -> list[Any]:
    """The cases as parameters; those that another pool's case shows as well are marked `further`."""
    shown = set[tuple[str, str]]()
    parameters = []
    for claim, cell, name in cases:
        marks = [pytest.mark.further] if (claim.id, name) in shown else []
        parameters.append(pytest.param(claim, cell, name, id=f"{claim.id}-{cell.id}-{name}", marks=marks))
        shown.add((claim.id, name))
    return parameters


PATIENCE = 10.0
"""Seconds to wait for what a broken worker never does; shorter than in a run, as the mutant is known."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One broker for all; few messages are enough when every tenth goes wrong."""
    with open_site(f"mutants-{os.getpid()}", BrokerRequest(), messages=100, seconds=30) as site:
        yield site


def decided(claim: Claim, cell: Cell, mutant: str, site: Site, folder: Path) -> Question:
    """The claim, decided in that cell on a worker with that mutant."""
    broken = question(claim, cell, mutant)
    with impatient(PATIENCE):
        TrialLoop(site, Fixed(1), folder, on_trial=lambda *_: None).decide([broken])
    assert broken.decisive.witness.get("mutant_applied"), broken.decisive
    return broken


@pytest.mark.parametrize(("claim", "cell", "mutant"), once(BROKEN))
def test_mutant_refutes_the_claim(claim: Claim, cell: Cell, mutant: str, site: Site, tmp_path: Path) -> None:
    assert decided(claim, cell, mutant, site, tmp_path).verdict == MISSED.get(claim.kind, "refuted")


@pytest.mark.parametrize(("claim", "cell", "mutant"), once(MENDED))
def test_claim_holds_on_the_worker_of_the_document(
    claim: Claim, cell: Cell, mutant: str, site: Site, tmp_path: Path
) -> None:
    documented = decided(claim, cell, mutant, site, tmp_path)
    assert documented.verdict == "holds"
    assert not documented.trials[-1].corrected, "what is true instead cannot be refuted"


@pytest.mark.parametrize(("claim", "cell", "mutant"), once(NULL))
def test_no_claim_holds_on_the_null_worker(
    claim: Claim, cell: Cell, mutant: str, site: Site, tmp_path: Path
) -> None:
    null = question(claim, cell, mutant)
    with impatient(2), Lab(site, null.cell, tmp_path / "null", setup([null])) as lab:
        answer = ask(null, lab, 60)
        assert lab.events.count("ready"), "the worker did not even come up"
        assert lab.events.count("mutant"), "it was asked to consume, and did not refuse"
    assert answer.outcome == "void"
    assert "never exercised" in answer.judgement.evidence


def test_crashes_of_which_one_ended_no_child_do_not_show_that_crashes_are_contained(
    site: Site, tmp_path: Path
) -> None:
    claim = CATALOGUE["crashes.child-crash-is-contained"]
    (cell,) = (cell for cell in cells_of(claim, "prefork") if cell.get("crash") == "exit")
    survivor = question(claim, cell, "survives-its-later-crashes")
    with impatient(PATIENCE), Lab(site, cell, tmp_path / "survivor", setup([survivor])) as lab:
        answer = ask(survivor, lab, 60)
    assert (answer.outcome, answer.judgement.evidence) == ("void", "never exercised: children_died")


@pytest.mark.parametrize("claim", WORKER_CLAIMS, ids=[claim.id for claim in WORKER_CLAIMS])
def test_every_claim_has_a_mutant_wherever_it_holds_or_else_the_worker_of_the_document(claim: Claim) -> None:
    for pool in claim.pools:
        cells = cells_of(claim, pool)
        assert cells, f"{claim.id} has no cell in {pool}"
        for cell in cells:
            holds = claim.expect(cell).verdict == "holds"
            assert fitting(claim.mutants if holds else claim.as_documented, cell), cell.id
