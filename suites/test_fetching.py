"""How a worker asks Redis for messages."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.fetching.checks import (
    asks_for_all_in_order,
    oldest_first,
    over_one_connection,
    waits_five_seconds,
    waits_for_messages,
)
from poolproof.subjects.fetching.stimulus import fetch_one_from_each, watch_fetching


@pytest.mark.claim("fetching.waits-five-seconds", shares=True, wired=True)
def test_waits_five_seconds(lab: Lab, worker: Worker) -> None:
    """Messages are asked for by BRPOP with a timeout of five seconds."""
    fetching = watch_fetching(lab, worker)
    assert waits_five_seconds(fetching)


@pytest.mark.claim("fetching.blocks-when-empty", shares=True, wired=True)
def test_blocks_when_empty(lab: Lab, worker: Worker) -> None:
    """A worker whose queues are empty waits in its request, by which the next message comes."""
    fetching = watch_fetching(lab, worker)
    assert waits_for_messages(fetching)


@pytest.mark.claim("fetching.oldest-first", shares=True, wired=True)
def test_oldest_first(lab: Lab, worker: Worker) -> None:
    """Messages leave a queue in the order in which they were sent."""
    fetching = watch_fetching(lab, worker)
    assert oldest_first(fetching)


@pytest.mark.claim("fetching.over-one-connection", shares=True, wired=True)
def test_over_one_connection(lab: Lab, worker: Worker) -> None:
    """A solo, eventlet or gevent worker asks for all messages over one connection, its main process's."""
    fetching = watch_fetching(lab, worker)
    assert over_one_connection(fetching)


@pytest.mark.claim("fetching.one-request-for-all-queues", wired=True)
def test_one_request_for_all_queues(lab: Lab) -> None:
    """Each BRPOP names all queues of -Q, the first BRPOP in that order, and brings a message of the first
    queue that has one.
    """
    asks, sent = fetch_one_from_each(lab, ("basic", "advanced", "realworld"))
    assert asks_for_all_in_order(asks, sent)
