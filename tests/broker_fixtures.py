"""Fixtures of the tests of brokers: servers from packages, and the one line that refuses a URL."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poolproof.host.broker import Broker, BrokerRequest, open_broker
from poolproof.host.supervisor import Supervisor
from poolproof.model.errors import BadInput
from tests.brokers import SECRET, Bad, Open


@pytest.fixture(scope="module")
def supervisor() -> Iterator[Supervisor]:
    with Supervisor(f"test-broker-{os.getpid()}") as running:
        yield running


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def opened(supervisor: Supervisor, tmp_path: Path, said: list[str]) -> Open:
    def opened(want: str = "redis", **request: Any) -> Broker:
        return open_broker(want, BrokerRequest(**request), supervisor, tmp_path, said.append)

    return opened


@pytest.fixture
def private(opened: Open) -> Broker:
    return opened(origin="wheel")


@pytest.fixture
def bad(opened: Open) -> Bad:
    """The one line that refuses a URL; neither it nor its traceback has the password."""

    def bad(url: str, want: str = "redis") -> str:
        with pytest.raises(BadInput) as caught:
            opened(want, url=url)
        assert SECRET not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return bad
