"""Seen to fail: its mutants refute each claim in every pool, and none holds on a worker that runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from probes.broker import BrokerRequest, Databases, open_broker
from probes.claims import Claim
from probes.deadline import impatient
from probes.lab import Lab, Setup, Site
from probes.sentinel import Sentinel
from probes.supervisor import Supervisor
from probes.trials import Bench, Seat, ask
from probes.verdict import Fixed
from tests.claims_in_suites import CATALOGUE, cell_expected, seat

WORKER_CLAIMS = [claim for claim in CATALOGUE.values() if claim.kind != "static"]
IN_POOLS = [(claim, pool) for claim in WORKER_CLAIMS for pool in claim.pools]
BROKEN = [(claim, pool, mutant) for claim, pool in IN_POOLS for mutant in claim.mutants]
MENDED = [(claim, pool, mutant) for claim, pool in IN_POOLS for mutant in claim.as_documented]


def named(case: tuple[Claim, str, str]) -> str:
    """How a case is selected with -k."""
    return f"{case[0].id}-{case[1]}-{case[2]}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One broker for all; few messages are enough for a fault in every tenth."""
    with closing(Supervisor("mutants")) as supervisor, closing(Sentinel()) as sentinel:
        folder = tmp_path_factory.mktemp("broker")
        broker = open_broker("redis", BrokerRequest(), supervisor, folder, print)
        yield Site(broker, Databases(broker), supervisor, sentinel, messages=100, seconds=30)


def decided(claim: Claim, pool: str, mutant: str, expected: str, site: Site, folder: Path) -> Seat:
    """The claim, decided on a worker with that mutant, where a sound one has the expected verdict."""
    broken = seat(claim, cell_expected(expected, claim, pool), mutant)
    with impatient(10):
        Bench(site, Fixed(1), folder, heard=lambda *_: None).decide([broken])
    assert broken.telling.witness.get("mutant_applied"), broken.telling
    return broken


@pytest.mark.parametrize(("claim", "pool", "mutant"), BROKEN, ids=map(named, BROKEN))
def test_mutant_refutes_the_claim(claim: Claim, pool: str, mutant: str, site: Site, tmp_path: Path) -> None:
    assert decided(claim, pool, mutant, "holds", site, tmp_path).verdict == "refuted"


@pytest.mark.parametrize(("claim", "pool", "mutant"), MENDED, ids=map(named, MENDED))
def test_claim_holds_on_the_worker_of_the_document(
    claim: Claim, pool: str, mutant: str, site: Site, tmp_path: Path
) -> None:
    assert decided(claim, pool, mutant, "refuted", site, tmp_path).verdict == "holds"


@pytest.mark.parametrize(("claim", "pool"), IN_POOLS, ids=[f"{claim.id}-{pool}" for claim, pool in IN_POOLS])
def test_no_claim_holds_on_the_null_worker(claim: Claim, pool: str, site: Site, tmp_path: Path) -> None:
    null = seat(claim, cell_expected("holds", claim, pool), "null-worker")
    setup = Setup(null.mutants, null.wired, null.looks_only)
    with impatient(2), Lab(site, null.cell, tmp_path / "null", setup) as lab:
        outcome, judgement = ask(null, lab, 60)
    assert outcome != "satisfied", judgement


@pytest.mark.parametrize("claim", WORKER_CLAIMS, ids=[claim.id for claim in WORKER_CLAIMS])
def test_every_claim_has_a_mutant(claim: Claim) -> None:
    assert claim.mutants
