"""The plan covers the axes of each claim, samples the others by seed, with a reason for each omission."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.catalogue.claims import Claim
from poolproof.catalogue.matrix import Matrix
from poolproof.catalogue.plan import cells, excluded
from poolproof.model.cells import STATIC
from poolproof.model.errors import BadInput
from tests.toml_samples import QUEUES, load, spoilt

Loaded = tuple[Matrix, Claim]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    matrix, catalogue = load(tmp_path)
    return matrix, catalogue["queues.starves"]


def ids(claim: Claim, pool: str, tier: str, matrix: Matrix, seed: int = 1) -> list[str]:
    return [cell.id for cell in cells(claim, pool, tier, matrix, seed)]


def with_queues(folder: Path, old: str, new: str) -> Loaded:
    matrix, catalogue = load(folder, queues=spoilt(QUEUES, old, new))
    return matrix, catalogue["queues.starves"]


def test_smoke_crosses_what_the_claim_is_over_and_its_variants(loaded: Loaded) -> None:
    matrix, claim = loaded
    assert ids(claim, "prefork", "smoke", matrix) == [
        "prefork-c1-p4-round_robin",
        "prefork-c1-p4-priority",
        "prefork-c2-p4-round_robin",
        "prefork-c2-p4-priority",
        "prefork-c4-p4-round_robin",
        "prefork-c4-p4-priority",
    ]


def test_claim_over_nothing_stands_at_the_defaults(tmp_path: Path) -> None:
    matrix, claim = with_queues(tmp_path, 'over = ["concurrency"]', "over = []")
    assert ids(claim, "prefork", "smoke", matrix) == ["prefork-c2-p4-round_robin", "prefork-c2-p4-priority"]


def test_claim_over_both_axes_has_every_cell(tmp_path: Path) -> None:
    matrix, claim = with_queues(tmp_path, '["concurrency"]', '["concurrency", "prefetch"]')
    assert len(ids(claim, "prefork", "smoke", matrix)) == 3 * 3 * 2
    assert ids(claim, "prefork", "nightly", matrix) == ids(claim, "prefork", "smoke", matrix)


def test_nightly_adds_its_sample_off_the_defaults(loaded: Loaded) -> None:
    matrix, claim = loaded
    smoke, nightly = (cells(claim, "prefork", tier, matrix, seed=1) for tier in ("smoke", "nightly"))
    assert nightly[: len(smoke)] == smoke
    added = nightly[len(smoke) :]
    assert len(set(added)) == matrix.tier("nightly").sample
    assert all(
        cell.pool == "prefork" and cell.prefetch != matrix.default("prefetch", "prefork") for cell in added
    )


def test_sample_is_the_seed_s(loaded: Loaded) -> None:
    matrix, claim = loaded
    drawn = [tuple(ids(claim, "prefork", "nightly", matrix, seed)) for seed in range(20)]
    assert drawn == [tuple(ids(claim, "prefork", "nightly", matrix, seed)) for seed in range(20)]
    assert len(set(drawn)) > 1


def test_sample_reaches_every_cell_with_some_seed(loaded: Loaded) -> None:
    matrix, claim = loaded
    reached = {id for seed in range(200) for id in ids(claim, "solo", "nightly", matrix, seed)}
    left_out = {cell.id for cell in claim.whole(matrix) if (cell.pool, cell.concurrency) == ("solo", 4)}
    assert reached == {cell.id for cell in claim.whole(matrix) if cell.pool == "solo"} - left_out


def test_excluded_cell_is_not_run_but_told_with_its_reason(loaded: Loaded) -> None:
    matrix, claim = loaded
    assert ids(claim, "solo", "smoke", matrix) == ["solo-c1-p4-round_robin", "solo-c1-p4-priority"]
    told = [(cell.id, reason) for cell, reason in excluded(claim, "solo", matrix)]
    assert told == [
        ("solo-c4-p4-round_robin", "solo has one thread"),
        ("solo-c4-p4-priority", "solo has one thread"),
    ]


def test_cell_that_is_n_a_is_not_run_but_told_with_its_because(tmp_path: Path) -> None:
    rule = '\n[[claim.expected]]\nwhen = { pool = "prefork", order = "priority" }\n'
    rule += 'verdict = "n/a"\nbecause = "it has no order"\n'
    matrix, catalogue = load(tmp_path, queues=QUEUES + rule)
    claim = catalogue["queues.starves"]
    assert all("priority" not in id for id in ids(claim, "prefork", "nightly", matrix))
    assert {reason for _, reason in excluded(claim, "prefork", matrix)} == {"it has no order"}


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_each_cell_that_the_claim_crosses_is_run_or_told(loaded: Loaded, pool: str) -> None:
    matrix, claim = loaded
    run = cells(claim, pool, "smoke", matrix, seed=1)
    told = [cell for cell, _ in excluded(claim, pool, matrix)]
    assert not set(run) & set(told)
    assert {*run, *told} == set(matrix.cross(pool, claim.over, claim.variants))


def test_claim_that_does_not_apply_to_the_pool_has_no_cells(tmp_path: Path) -> None:
    text = spoilt(QUEUES, '["prefork", "solo"]', '["solo"]')
    matrix, catalogue = load(tmp_path, queues=text)
    claim = catalogue["queues.starves"]
    assert cells(claim, "prefork", "nightly", matrix, seed=1) == ()
    assert excluded(claim, "prefork", matrix) == ()


@pytest.mark.parametrize("pool", ["prefork", "static"])
@pytest.mark.parametrize("tier", ["smoke", "nightly"])
def test_static_claim_has_its_one_cell_whatever_the_pool(tmp_path: Path, pool: str, tier: str) -> None:
    matrix, catalogue = load(tmp_path)
    assert cells(catalogue["modules.billiard-exists"], pool, tier, matrix, seed=1) == (STATIC,)


def test_pool_unknown(loaded: Loaded) -> None:
    matrix, claim = loaded
    with pytest.raises(
        BadInput, match=r"matrix\.toml: pools: unknown pool 'prefrok'; did you mean 'prefork'\?$"
    ):
        cells(claim, "prefrok", "smoke", matrix, seed=1)


def test_tier_unknown(loaded: Loaded) -> None:
    matrix, claim = loaded
    with pytest.raises(BadInput, match=r"matrix\.toml: tiers: unknown tier 'smok'; did you mean 'smoke'\?$"):
        cells(claim, "prefork", "smok", matrix, seed=1)
