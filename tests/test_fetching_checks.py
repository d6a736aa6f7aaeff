"""The checks of how a worker asks for messages, on good and bad requests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.fetching.checks import (
    asks_for_all_in_order,
    oldest_first,
    over_one_connection,
    waits_five_seconds,
    waits_for_messages,
    waits_one_second,
)
from poolproof.subjects.fetching.seen import Ask, Fetching, Probe

MANAGER, SECOND = 100, 1_000_000_000
VAIN = Ask("BRPOP", ("basic", "basic\x06\x163"), 1.0, 1, MANAGER, 0)


def brought(task: str, queue: str = "basic") -> Ask:
    return replace(VAIN, task=task, queue=queue)


GOOD = Fetching(
    MANAGER,
    (VAIN, brought("p"), brought("m1"), brought("m2")),
    idle=(0, SECOND, 2 * SECOND),
    probes=(Probe("p", sent=2 * SECOND, asked=SECOND),),
    sent=("m1", "m2"),
)


def test_a_worker_asks_as_redis_workers_do() -> None:
    assert waits_one_second(GOOD)
    assert waits_for_messages(GOOD)
    assert oldest_first(GOOD)
    assert over_one_connection(GOOD)
    assert not waits_five_seconds(GOOD)


def test_five_seconds() -> None:
    asks = tuple(replace(ask, timeout=5.0) for ask in GOOD.asks)
    assert waits_five_seconds(replace(GOOD, asks=asks))
    assert not waits_one_second(replace(GOOD, asks=asks))
    assert not waits_five_seconds(replace(GOOD, asks=(*asks, VAIN)))
    assert not waits_five_seconds(replace(GOOD, asks=(*asks, replace(asks[0], name="BLPOP"))))
    assert not waits_five_seconds(replace(GOOD, asks=()))


@pytest.mark.parametrize(
    "changes",
    [
        {"idle": (0, SECOND // 10, SECOND // 5)},
        {"idle": (0,)},
        {"probes": ()},
        {"probes": (Probe("p", sent=SECOND, asked=2 * SECOND),)},
    ],
    ids=["again and again", "hardly seen", "no message", "by a later request"],
)
def test_a_worker_that_does_not_wait(changes: dict[str, object]) -> None:
    assert not waits_for_messages(replace(GOOD, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fetched",
    [("m2", "m1"), ("m1",), ("m1", "m2", "m2"), ()],
    ids=["in another order", "not all", "one twice", "none"],
)
def test_an_order_that_is_not_that_of_sending(fetched: tuple[str, ...]) -> None:
    assert not oldest_first(replace(GOOD, asks=tuple(map(brought, fetched))))


@pytest.mark.parametrize("changes", [{"connection": 2}, {"pid": 101}], ids=["another", "another process's"])
def test_a_request_over_another_connection(changes: dict[str, int]) -> None:
    other = replace(VAIN, **changes)  # type: ignore[arg-type]
    assert not over_one_connection(replace(GOOD, asks=(*GOOD.asks, other)))
    assert over_one_connection(replace(GOOD, asks=(other,))).satisfied is ("connection" in changes)


def test_all_queues_in_their_order() -> None:
    sent = {"second": "m1", "first": "m2"}
    ask = replace(VAIN, keys=("first", "second", "first\x06\x163", "second\x06\x163"))
    turned = replace(ask, keys=("second", "first"))
    first, second = replace(ask, task="m2", queue="first"), replace(turned, task="m1", queue="second")
    assert asks_for_all_in_order((ask, first, second), sent)
    assert not asks_for_all_in_order((turned, first, second), sent)
    assert not asks_for_all_in_order((ask, second, first), sent)
    assert not asks_for_all_in_order((ask, first), sent)
    assert not asks_for_all_in_order((ask, first, second, replace(ask, keys=("first",))), sent)
    assert not asks_for_all_in_order((), sent)
