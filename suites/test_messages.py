"""What a client puts into Redis, what a worker leaves there, and what the client takes from it."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.messages.checks import (
    one_object_says_it_all,
    plain_result,
    result_under_its_key,
    serialized_by_the_client,
    taken_from_redis,
)
from poolproof.subjects.messages.stimulus import ask_for_results, round_trip


@pytest.mark.claim("messages.body-carries-task-args-id", wired=True)
def test_body_carries_task_args_id(lab: Lab) -> None:
    """A task's message is a JSON object with the task's name, its arguments and its id side by side."""
    exchange = round_trip(lab)
    assert one_object_says_it_all(exchange)


@pytest.mark.claim("messages.client-serialises", wired=True, watched=True)
def test_client_serialises(lab: Lab) -> None:
    """The client serializes a task's name, arguments and route before its message reaches Redis."""
    exchange = round_trip(lab)
    assert serialized_by_the_client(exchange)


@pytest.mark.claim("messages.result-key-and-value", wired=True)
def test_result_key_and_value(lab: Lab) -> None:
    """The result of add(3, 5) lies in Redis under celery-task-meta-<id>, as JSON with the status SUCCESS
    and the result 8.
    """
    exchange = round_trip(lab)
    assert result_under_its_key(exchange)


@pytest.mark.claim("messages.result-is-plain", wired=True)
def test_result_is_plain(lab: Lab) -> None:
    """The result of add(3, 5) lies in Redis under result:<id>, as the plain value 8."""
    exchange = round_trip(lab)
    assert plain_result(exchange)


@pytest.mark.claim("messages.client-reads-redis", wired=True)
def test_client_reads_redis(lab: Lab) -> None:
    """The client's result.get() returns 8, which it takes from Redis."""
    exchange = ask_for_results(lab, lab.variant("asked"))
    assert taken_from_redis(exchange)
