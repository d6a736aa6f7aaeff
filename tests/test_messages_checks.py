"""The checks of messages, on good and bad exchanges."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from poolproof.subjects.messages.checks import (
    headers_name_and_body_argues,
    named_by_its_module,
    one_object_says_it_all,
    put_into_basic,
    put_into_celery,
    result_under_its_key,
    serialized_by_the_client,
    taken_from_redis,
)
from poolproof.subjects.messages.seen import Answer, Call, Encoded, Exchange, Pushed
from poolproof.subjects.messages.stimulus import CALLS, stopped_calling

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
FIRST = Call(
    task="abc",
    arguments=(3, 5),
    pushed=(Pushed("basic", PROTOCOL_TWO, CLIENT, 20),),
    stored={KEY: RESULT},
    answers=(Answer(KEY, RESULT),),
    got="8",
)
OTHER_KEY, OTHER_RESULT = "celery-task-meta-def", RESULT.replace("8", "10")
SECOND = Call(
    task="def",
    arguments=(4, 6),
    pushed=(Pushed("basic", PROTOCOL_TWO.replace("abc", "def"), CLIENT, 40),),
    stored={OTHER_KEY: OTHER_RESULT},
    answers=(Answer(OTHER_KEY, OTHER_RESULT),),
    got="10",
)


def call(text: str = PROTOCOL_TWO, **other: Any) -> Call:
    return replace(FIRST, pushed=(Pushed("basic", text, CLIENT, 20),), **other)


def exchange(
    *calls: Call, encoded: tuple[Encoded, ...] = (Encoded(CLIENT, 10), Encoded(CLIENT, 30))
) -> Exchange:
    return Exchange(CLIENT, calls or (FIRST,), encoded)


def test_a_client_that_stopped_calling_is_told_from_one_that_waits_for_a_result() -> None:
    assert stopped_calling(CALLS - 1, CALLS - 1)
    assert not stopped_calling(CALLS - 1, CALLS - 2)
    assert not stopped_calling(CALLS, CALLS)


ALL = [
    headers_name_and_body_argues,
    named_by_its_module,
    put_into_basic,
    result_under_its_key,
    serialized_by_the_client,
    taken_from_redis,
]


@pytest.mark.parametrize("judge", [*ALL, one_object_says_it_all, put_into_celery])
def test_no_call_and_no_message_prove_nothing(judge: Any) -> None:
    assert not judge(Exchange(CLIENT, (), (Encoded(CLIENT, 10),)))
    judgement = judge(exchange(replace(FIRST, pushed=())))
    assert not judgement
    assert judgement.evidence.endswith("add(3, 5) was pushed 0 times (never)")
    assert not judge(exchange(replace(FIRST, pushed=FIRST.pushed * 2)))


@pytest.mark.parametrize("judge", ALL)
def test_what_goes_right_once_may_still_go_wrong(judge: Any) -> None:
    text = message([[4, 6], {}, {"chain": None}], {"task": NAME, "id": "def"})
    second = replace(SECOND, pushed=(Pushed("basic", text, CLIENT, 40),))
    assert judge(exchange(FIRST, second))
    spoiled = message([[4, 7], {}, {}], {"task": "add", "id": "def"}, "celery")
    wrong = replace(second, stored={}, got="9", pushed=(Pushed("celery", spoiled, CLIENT, 40),))
    judgement = judge(exchange(FIRST, wrong))
    assert not judgement
    assert "1 of 2 calls; add(4, 6): " in judgement.evidence
    assert judgement.facts == {"calls": 2, "right_calls": 1}


def test_protocol_one_says_it_all_in_one_object() -> None:
    judgement = one_object_says_it_all(exchange(call(PROTOCOL_ONE)))
    assert judgement
    assert judgement.evidence.startswith("1 of 1 call; add(3, 5): body holds task, args, id")
    assert not headers_name_and_body_argues(exchange(call(PROTOCOL_ONE)))


def test_protocol_two_does_not() -> None:
    judgement = one_object_says_it_all(exchange())
    assert not judgement
    assert (
        "add(3, 5): message.headers holds task, id; the body, out of base64, is [[3, 5]" in judgement.evidence
    )


@pytest.mark.parametrize("changed", [{"id": "other"}, {"args": [3, 6]}, {"task": "add"}])
def test_another_value_is_not_the_document_s(changed: dict[str, object]) -> None:
    assert not one_object_says_it_all(exchange(call(message({**BODY_ONE, **changed}, {}))))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY_TWO, {"task": NAME}),
        (BODY_TWO, {"task": "add", "id": "abc"}),
        ([[3, 6], {}, {}], {"task": NAME, "id": "abc"}),
        ({"args": [3, 5]}, {"task": NAME, "id": "abc"}),
        ([], {"task": NAME, "id": "abc"}),
    ],
)
def test_any_other_message_is_not_that_of_protocol_two(body: object, headers: object) -> None:
    assert not headers_name_and_body_argues(exchange(call(message(body, headers))))


@pytest.mark.parametrize("text", [PROTOCOL_ONE, PROTOCOL_TWO])
def test_serialized_by_the_client(text: str) -> None:
    assert serialized_by_the_client(exchange(call(text)))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (exchange(encoded=(Encoded(WORKER, 10),)), "encoded by 100"),
        (exchange(encoded=()), "encoded by no process"),
        (exchange(encoded=(Encoded(CLIENT, 30),)), "before that"),
        (exchange(encoded=(Encoded(CLIENT, 10), Encoded(WORKER, 30))), "encoded by 100, 200"),
        (exchange(FIRST, SECOND, encoded=(Encoded(CLIENT, 10),)), "1 of 2 calls; add(4, 6): "),
        (exchange(replace(FIRST, pushed=(Pushed("basic", PROTOCOL_TWO, WORKER, 20),))), "pushed by 100"),
        (exchange(call(message(BODY_TWO, {"task": "add"}))), "lacks ['tasks.basic_tasks.add']"),
        (exchange(call(message([[], {}, {}], {"task": NAME}))), "lacks ['[3, 5]']"),
        (exchange(call(message(BODY_TWO, {"task": NAME}, "celery"))), "lacks ['the route to basic']"),
    ],
)
def test_serialised_otherwise(other: Exchange, says: str) -> None:
    judgement = serialized_by_the_client(other)
    assert not judgement
    assert says in judgement.evidence


@pytest.mark.parametrize(
    "stored",
    [{}, {"result-of-abc": RESULT}, {KEY: "8"}, {KEY: "no JSON"}, {KEY: RESULT.replace("8", "9")}],
)
def test_result_elsewhere_or_otherwise(stored: dict[str, str]) -> None:
    assert not result_under_its_key(exchange(call(stored=stored)))


def test_what_comes_late_is_taken_from_redis_as_well() -> None:
    judgement = taken_from_redis(exchange(call(answers=(Answer(KEY, ""), Answer(KEY, RESULT)))))
    assert judgement
    assert f"for {KEY} Redis gave the client: nothing, then {RESULT}" in judgement.evidence


@pytest.mark.parametrize(
    "other",
    [
        call(got="9"),
        call(got=""),
        call(answers=()),
        call(answers=(Answer(KEY, ""),)),
        call(answers=(Answer("another-key", RESULT),)),
    ],
    ids=["another sum", "it hangs", "never asked", "no answer", "another key"],
)
def test_not_taken_from_redis(other: Call) -> None:
    assert not taken_from_redis(exchange(other))


@pytest.mark.parametrize("text", [PROTOCOL_ONE, PROTOCOL_TWO])
def test_named_by_its_module(text: str) -> None:
    assert named_by_its_module(exchange(call(text)))


def test_named_otherwise() -> None:
    assert not named_by_its_module(exchange(call(PROTOCOL_TWO.replace(NAME, "add"))))


@pytest.mark.parametrize(
    ("queues", "basic", "celery"),
    [
        (["basic"], True, False),
        (["celery"], False, True),
        (["other"], False, False),
        (["basic", "basic"], False, False),
        (["basic", "celery"], False, False),
    ],
)
def test_put_into_a_queue(queues: list[str], basic: bool, celery: bool) -> None:
    pushed = tuple(Pushed(queue, PROTOCOL_TWO, CLIENT, 20) for queue in queues)
    seen = exchange(replace(FIRST, pushed=pushed))
    assert bool(put_into_basic(seen)) is basic
    assert bool(put_into_celery(seen)) is celery
