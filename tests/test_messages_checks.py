"""The checks of messages, with exchanges good and bad, by hand."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from probes.checks.messages import (
    named_by_its_module,
    one_object_says_it_all,
    put_into_basic,
    result_under_its_key,
    serialised_by_the_client,
    taken_from_redis,
)
from probes.observations.messages import Answer, Encoded, Exchange, Pushed

CLIENT, WORKER = 200, 100
NAME = "tasks.basic_tasks.add"
KEY = "celery-task-meta-abc"
RESULT = json.dumps({"status": "SUCCESS", "result": 8})
BODY_ONE = {"task": NAME, "id": "abc", "args": [3, 5]}
BODY_TWO = [[3, 5], {}, {"chain": None}]


def message(body: object, headers: object, queue: str = "basic") -> str:
    encoded = base64.b64encode(json.dumps(body).encode()).decode()
    route = {"delivery_info": {"exchange": "", "routing_key": queue}}
    return json.dumps({"body": encoded, "headers": headers, "properties": route})


PROTOCOL_ONE = message(BODY_ONE, {})
PROTOCOL_TWO = message(BODY_TWO, {"task": NAME, "id": "abc"})


def exchange(text: str = PROTOCOL_TWO) -> Exchange:
    return Exchange(
        client=CLIENT,
        task="abc",
        pushed=(Pushed("basic", text, CLIENT, 20),),
        encoded=(Encoded(CLIENT, 10),),
        stored={KEY: RESULT},
        answers=(Answer(CLIENT, KEY, RESULT),),
        got="8",
    )


def test_protocol_one_says_it_all_in_one_object() -> None:
    judgement = one_object_says_it_all(exchange(PROTOCOL_ONE))
    assert judgement
    assert judgement.evidence.startswith("body holds task, args, id")


def test_protocol_two_does_not() -> None:
    judgement = one_object_says_it_all(exchange())
    assert not judgement
    assert judgement.evidence.startswith(
        "message.headers holds task, id; the body, out of base64, is [[3, 5]"
    )


@pytest.mark.parametrize("changed", [{"id": "other"}, {"args": [3, 6]}, {"task": "add"}])
def test_another_value_is_not_the_document_s(changed: dict[str, object]) -> None:
    assert not one_object_says_it_all(exchange(message({**BODY_ONE, **changed}, {})))


@pytest.mark.parametrize("text", [PROTOCOL_ONE, PROTOCOL_TWO])
def test_serialised_by_the_client(text: str) -> None:
    assert serialised_by_the_client(exchange(text))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (replace(exchange(), encoded=(Encoded(WORKER, 10),)), "encoded by 100"),
        (replace(exchange(), encoded=()), "encoded by no process"),
        (replace(exchange(), encoded=(Encoded(CLIENT, 30),)), "before that"),
        (replace(exchange(), pushed=(Pushed("basic", PROTOCOL_TWO, WORKER, 20),)), "pushed by 100"),
        (exchange(message(BODY_TWO, {"task": "add"})), "lacks ['tasks.basic_tasks.add']"),
        (exchange(message([[], {}, {}], {"task": NAME})), "lacks ['[3, 5]']"),
        (exchange(message(BODY_TWO, {"task": NAME}, "celery")), "lacks ['the route to basic']"),
    ],
)
def test_serialised_otherwise(other: Exchange, says: str) -> None:
    judgement = serialised_by_the_client(other)
    assert not judgement
    assert says in judgement.evidence


def test_result_under_its_key() -> None:
    assert result_under_its_key(exchange())


@pytest.mark.parametrize(
    "stored",
    [{}, {"result-of-abc": RESULT}, {KEY: "8"}, {KEY: "no JSON"}, {KEY: RESULT.replace("8", "9")}],
)
def test_result_elsewhere_or_otherwise(stored: dict[str, str]) -> None:
    assert not result_under_its_key(replace(exchange(), stored=stored))


def test_taken_from_redis() -> None:
    assert taken_from_redis(exchange())


@pytest.mark.parametrize(
    "other",
    [
        replace(exchange(), got="9"),
        replace(exchange(), answers=()),
        replace(exchange(), answers=(Answer(CLIENT, KEY, ""),)),
        replace(exchange(), answers=(Answer(CLIENT, "another-key", RESULT),)),
    ],
    ids=["another sum", "never asked", "no answer", "another key"],
)
def test_not_taken_from_redis(other: Exchange) -> None:
    assert not taken_from_redis(other)


@pytest.mark.parametrize("text", [PROTOCOL_ONE, PROTOCOL_TWO])
def test_named_by_its_module(text: str) -> None:
    assert named_by_its_module(exchange(text))


def test_named_otherwise() -> None:
    assert not named_by_its_module(exchange(PROTOCOL_TWO.replace(NAME, "add")))


@pytest.mark.parametrize(
    ("queues", "right"), [(["basic"], True), (["celery"], False), (["basic", "basic"], False)]
)
def test_put_into_basic(queues: list[str], right: bool) -> None:
    pushed = tuple(Pushed(queue, PROTOCOL_TWO, CLIENT, 20) for queue in queues)
    assert bool(put_into_basic(replace(exchange(), pushed=pushed))) == right
