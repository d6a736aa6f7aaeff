"""The user's options, and the command that repeats a part of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.host.broker import BrokerRequest
from poolproof.run.order import Order

REQUESTS = {
    "nothing-asked": (BrokerRequest(), ""),
    "origin": (BrokerRequest(origin="wheel"), " --broker-from wheel"),
    "image": (BrokerRequest(image="valkey/valkey:9"), " --broker-image valkey/valkey:9"),
    "both": (BrokerRequest(origin="docker", image="a b"), " --broker-from docker --broker-image 'a b'"),
    "url": (BrokerRequest(url="redis://:secret@host/1", origin="url"), ""),
}


@pytest.mark.parametrize(("request_", "words"), REQUESTS.values(), ids=REQUESTS)
def test_what_repeats_a_cell_has_its_broker_the_same_way(request_: BrokerRequest, words: str) -> None:
    order = Order("solo", "redis", "smoke", 1, request_, Path("results"))
    assert order.again("test_x") == f'./toxw -e solo-redis --{words} -k "test_x"'
