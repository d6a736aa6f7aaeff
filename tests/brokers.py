"""The words that the tests of the brokers share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from probes.broker import Broker
from probes.broker.server import connect

SECRET = "hush+4711"
Open = Callable[..., Broker]
Bad = Callable[..., str]


def ask(broker: Broker, number: int = 0) -> Any:
    return connect(broker.database_url(number))
