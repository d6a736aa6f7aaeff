"""An axis that is not in force voids the trial: each is read from the worker's own report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from poolproof.host.broker import BrokerRequest
from poolproof.lab.in_force import POOLS, Reported, not_in_force
from poolproof.lab.lab import Lab, Setup
from poolproof.lab.site import Site, open_site
from poolproof.model.cells import AXES, Cell
from poolproof.model.errors import Void
from poolproof.model.variants import SETTINGS, configuration

PREFORK = Cell("prefork", 2, 4)
UNLIMITED = Cell("prefork", 2, 0)
PRIORITY = Cell("solo", 1, 4, (("order", "priority"),))
SPAWN = Cell("prefork", 2, 4, (("start", "spawn"),))


def stats(pool: str = "prefork", concurrency: int = 2, prefetch: int = 8) -> dict[str, Any]:
    return {
        "pool": {"implementation": POOLS[pool], "max-concurrency": concurrency},
        "prefetch_count": prefetch,
    }


IN_FORCE = Reported(stats(), {}, {"celery": "5.7.0"}, spawned=False)


@pytest.mark.parametrize(
    ("cell", "reported", "wrong"),
    [
        (PREFORK, IN_FORCE, []),
        (PREFORK, Reported(stats("threads"), {}), ["the pool is celery.concurrency.thread:TaskPool, not"]),
        (PREFORK, Reported(stats(concurrency=3), {}), ["max-concurrency is 3, not 2"]),
        (PREFORK, Reported(stats(prefetch=2), {}), ["prefetch_count is 2, not 8"]),
        (PREFORK, Reported(stats(), {}, {"celery": "5.6.0"}), ["celery is 5.6.0, not 5.7.0"]),
        (PREFORK, Reported(stats(), {}, spawned=True), ["start by spawn is True, not False"]),
        (SPAWN, Reported(stats(), {"worker_pool_start_method": "spawn"}, spawned=True), []),
        (
            UNLIMITED,
            Reported(stats(prefetch=8), {"worker_prefetch_multiplier": 0}),
            ["prefetch_count is 8"],
        ),
        (UNLIMITED, Reported(stats(prefetch=0), {}), ["worker_prefetch_multiplier is None, not 0"]),
    ],
)
def test_each_axis_is_compared(cell: Cell, reported: Reported, wrong: list[str]) -> None:
    found = not_in_force(cell, reported, {"celery": "5.7.0"})
    assert len(found) == len(wrong)
    assert all(line.startswith(start) for line, start in zip(found, wrong, strict=True))


def as_asked(cell: Cell) -> Reported:
    """The report of a worker that runs as its cell requires."""
    spawned = ("start", "spawn") in cell.variants
    reported = stats(cell.pool, cell.concurrency, cell.concurrency * cell.prefetch)
    return Reported(reported, configuration(cell), spawned=spawned)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("pool", POOLS)
def test_no_axis_is_forgotten(pool: str, axis: str) -> None:
    """An axis that `Cell` declares and no code compares fails here."""
    cell = Cell.at({"pool": pool, **dict.fromkeys(AXES, 2)})
    other = replace(cell, **{axis: 3})  # type: ignore[arg-type]
    assert not_in_force(cell, as_asked(cell), {}) == []
    assert not_in_force(other, as_asked(cell), {}) != []


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, setting in SETTINGS.items() for value in setting.values]
)
def test_no_setting_is_forgotten(name: str, value: str) -> None:
    plain, cell = PREFORK, replace(PREFORK, variants=((name, value),))
    assert not_in_force(cell, as_asked(cell), {}) == []
    assert not_in_force(cell, as_asked(plain), {}) != []


def test_a_mutant_may_change_an_axis_that_it_names() -> None:
    more = Reported(stats(concurrency=3, prefetch=2), {})
    (line,) = not_in_force(PREFORK, more, {}, changed={"max-concurrency"})
    assert line.startswith("prefetch_count")


@pytest.mark.parametrize("options", [{}, {"queue_order_strategy": "round_robin"}])
def test_the_order_of_queues_is_that_of_the_connection(options: Mapping[str, str]) -> None:
    asked = {"broker_transport_options": {"queue_order_strategy": "priority"}}
    connected = stats("solo", 1, 4) | {"broker": {"transport_options": {"x": 1, **options}}}
    (line,) = not_in_force(PRIORITY, Reported(connected, asked), {})
    assert line.startswith("broker_transport_options is {'queue_order_strategy': ")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    request = BrokerRequest(origin="wheel")
    with open_site(f"test-force-{os.getpid()}", request, messages=10, seconds=5) as site:
        yield site


@pytest.mark.parametrize("cell", [PREFORK, UNLIMITED, PRIORITY, SPAWN], ids=lambda cell: cell.id)
def test_a_worker_that_is_what_its_cell_asks_for_may_be_judged(
    cell: Cell, site: Site, tmp_path: Path
) -> None:
    with Lab(site, cell, tmp_path / "lifetime") as lab:
        lab.start()


@pytest.mark.parametrize(
    ("cell", "mutant", "says"),
    [
        (PREFORK, "another-concurrency", "max-concurrency is 3, not 2"),
        (UNLIMITED, "another-prefetch", "prefetch_count is 8, not 0"),
        (PREFORK, "another-pool", "the pool is celery.concurrency.thread:TaskPool"),
        (PRIORITY, "another-order", "broker_transport_options is"),
        (SPAWN, "another-start-method", "start by spawn is False, not True"),
        (PREFORK, "another-version", r"celery is 0\.0\.1, not"),
    ],
)
def test_a_worker_that_is_not_is_void(cell: Cell, mutant: str, says: str, site: Site, tmp_path: Path) -> None:
    with Lab(site, cell, tmp_path / "lifetime", Setup((mutant,))) as lab, pytest.raises(Void, match=says):
        lab.start()
