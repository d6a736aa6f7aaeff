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
from probes.trials import Bench, ask
from probes.verdict import Fixed
from tests.mutants.claims_in_suites import CATALOGUE, healthy_cell, seat

WORKER_CLAIMS = [claim for claim in CATALOGUE.values() if claim.kind != "static"]
IN_POOLS = [(claim, pool) for claim in WORKER_CLAIMS for pool in claim.pools]
MUTATED = [(claim, pool, mutant) for claim, pool in IN_POOLS for mutant in claim.mutants]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One broker for all; few messages are enough for a fault in every tenth."""
    with closing(Supervisor("mutants")) as supervisor, closing(Sentinel()) as sentinel:
        folder = tmp_path_factory.mktemp("broker")
        broker = open_broker("redis", BrokerRequest(), supervisor, folder, print)
        yield Site(broker, Databases(broker), supervisor, sentinel, messages=100, seconds=30)


@pytest.mark.parametrize(
    ("claim", "pool", "mutant"),
    MUTATED,
    ids=[f"{claim.id}-{pool}-{mutant}" for claim, pool, mutant in MUTATED],
)
def test_mutant_refutes_the_claim(claim: Claim, pool: str, mutant: str, site: Site, tmp_path: Path) -> None:
    broken = seat(claim, healthy_cell(claim, pool), mutant)
    bench = Bench(site, Fixed(1), tmp_path, heard=lambda *_: None)
    with impatient(10):
        bench.decide([broken])
    assert broken.verdict == "refuted", broken.telling
    assert broken.telling.witness["mutant_applied"]


@pytest.mark.parametrize(("claim", "pool"), IN_POOLS, ids=[f"{claim.id}-{pool}" for claim, pool in IN_POOLS])
def test_no_claim_holds_on_the_null_worker(claim: Claim, pool: str, site: Site, tmp_path: Path) -> None:
    null = seat(claim, healthy_cell(claim, pool), "null-worker")
    setup = Setup(null.mutants, null.wired, null.looks_only)
    with impatient(2), Lab(site, null.cell, tmp_path / "null", setup) as lab:
        outcome, judgement = ask(null, lab, 60)
    assert outcome != "satisfied", judgement


@pytest.mark.parametrize("claim", WORKER_CLAIMS, ids=[claim.id for claim in WORKER_CLAIMS])
def test_every_claim_has_a_mutant(claim: Claim) -> None:
    assert claim.mutants
