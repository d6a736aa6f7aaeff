"""Judges what a client and a worker store in Redis, and what the client reads from it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.messages.seen import Call, Exchange
from probes.shared.printed.document_003 import ADD, BASIC

DEFAULT_QUEUE = "celery"


@check
def one_object_says_it_all(exchange: Exchange) -> Judgement:
    """True when in each message one object, encoded or not, contains task, args and id."""

    def right(call: Call) -> bool:
        return any(len(keys) == len(_wanted(call)) for _, keys in _places(call))

    return _of_each(exchange, right, _message_in_words)


@check
def headers_name_and_body_argues(exchange: Exchange) -> Judgement:
    """True when each message has task and id in its headers, and a body that begins with the arguments."""

    def right(call: Call) -> bool:
        message, body = _opened(call)
        named = (message["headers"].get("task"), message["headers"].get("id")) == (ADD, call.task)
        return named and isinstance(body, list) and body[:1] == [list(call.arguments)]

    return _of_each(exchange, right, _message_in_words)


@check
def serialized_by_the_client(exchange: Exchange) -> Judgement:
    """True when the client alone encoded each call, before it pushed its name, arguments and route."""
    encoders = {each.pid for each in exchange.encoded}
    times = sorted(each.at for each in exchange.encoded)
    number = {call.task: n for n, call in enumerate(exchange.calls, start=1)}

    def right(call: Call) -> bool:
        pushed = call.pushed[0]
        early = sum(at < pushed.at for at in times)
        return pushed.pid == exchange.client and early >= number[call.task] and not _lacking(call)

    def say(call: Call) -> str:
        pushed, lacking = call.pushed[0], _lacking(call)
        when = "after" if sum(at < pushed.at for at in times) >= number[call.task] else "before"
        return (
            f"the message was pushed by {_processes({pushed.pid})}, {when} that; "
            f"it {f'lacks {lacking}' if lacking else 'holds name, arguments and route'}"
        )

    each = _of_each(exchange, right, say)
    return Judgement(
        each.satisfied and encoders == {exchange.client},
        f"the client is process {exchange.client}; arguments were encoded by {_processes(encoders)}; "
        f"{each.evidence}",
        facts=each.facts,
    )


@check
def result_under_its_key(exchange: Exchange) -> Judgement:
    """True when Redis holds SUCCESS and the sum, as JSON, under celery-task-meta- and each task's id."""

    def say(call: Call) -> str:
        held = "; ".join(f"{key} holds {text[:120]}" for key, text in call.stored.items())
        return held or "no key ends with the task's id"

    return _of_each(exchange, lambda call: _is_success(call, call.stored.get(_key(call), "")), say)


@check
def plain_result(exchange: Exchange) -> Judgement:
    """True when Redis holds the sum, and nothing else, under result: and each task's id."""

    def say(call: Call) -> str:
        return f"the keys with the task's id are {', '.join(call.stored) or 'none'}"

    return _of_each(
        exchange, lambda call: call.stored.get(f"result:{call.task}") == str(sum(call.arguments)), say
    )


@check
def taken_from_redis(exchange: Exchange) -> Judgement:
    """True when the client got each sum, and Redis had sent it under the task's key."""

    def right(call: Call) -> bool:
        values = [each.value for each in call.answers if each.key == _key(call)]
        return call.got == repr(sum(call.arguments)) and any(_is_success(call, value) for value in values)

    def say(call: Call) -> str:
        values = [each.value or "nothing" for each in call.answers if each.key == _key(call)]
        given = f"returned {call.got}" if call.got else "did not return"
        return f"get() {given}; for {_key(call)} Redis gave the client: {', then '.join(values) or 'nothing'}"

    return _of_each(exchange, right, say)


@check
def put_into_basic(exchange: Exchange) -> Judgement:
    """True when the client put each call into the queue `basic`, and into no other."""
    return _put_into(exchange, BASIC)


@check
def put_into_celery(exchange: Exchange) -> Judgement:
    """True when the client put each call into the queue `celery`, and into no other."""
    return _put_into(exchange, DEFAULT_QUEUE)


@check
def named_by_its_module(exchange: Exchange) -> Judgement:
    """True when each message names the task by the module that defines it."""

    def say(call: Call) -> str:
        return f"the message names {', '.join(_names(call)) or 'no task'}"

    return _of_each(exchange, lambda call: _names(call) == [ADD], say)


def _of_each(exchange: Exchange, right: Callable[[Call], bool], say: Callable[[Call], str]) -> Judgement:
    """Whether one message of each call was seen and the call is right; describes the first that is not."""
    wrong = [call for call in exchange.calls if len(call.pushed) != 1 or not right(call)]
    many = f"{len(exchange.calls) - len(wrong)} of {counted(len(exchange.calls), 'call')}"
    facts = {"calls": len(exchange.calls), "right_calls": len(exchange.calls) - len(wrong)}
    if not exchange.calls:
        return Judgement(False, "nothing was called", facts=facts)
    first = (wrong or exchange.calls)[0]
    call = f"add{first.arguments}"
    if len(first.pushed) != 1:
        queues = ", ".join(each.queue for each in first.pushed)
        text = f"{many}; {call} was pushed {len(first.pushed)} times ({queues or 'never'})"
        return Judgement(False, text, facts=facts)
    return Judgement(not wrong, f"{many}; {call}: {say(first)}", facts=facts)


def _put_into(exchange: Exchange, queue: str) -> Judgement:
    def right(call: Call) -> bool:
        return call.pushed[0].queue == queue

    return _of_each(exchange, right, lambda call: f"it was put into {call.pushed[0].queue}")


def _opened(call: Call) -> tuple[Any, Any]:
    """The message of a call as JSON, and its body out of base64 as JSON."""
    message = json.loads(call.pushed[0].text)
    return message, json.loads(base64.b64decode(message["body"]))


def _wanted(call: Call) -> dict[str, object]:
    return {"task": ADD, "args": list(call.arguments), "id": call.task}


def _places(call: Call) -> list[tuple[str, list[str]]]:
    """Each object of the message, and which of task, args and id it holds."""
    message, body = _opened(call)
    return [
        (place, [key for key, value in _wanted(call).items() if each.get(key) == value])
        for place, each in (*_objects("message", message), *_objects("body", body))
    ]


def _message_in_words(call: Call) -> str:
    held = "; ".join(f"{place} holds {', '.join(keys)}" for place, keys in _places(call) if keys)
    body = json.dumps(_opened(call)[1])[:160]
    return f"{held or 'no object holds any of them'}; the body, out of base64, is {body}"


def _lacking(call: Call) -> list[str]:
    """Which of the name, the arguments and the route the message does not contain."""
    message, body = _opened(call)
    held = json.dumps([message["headers"], body])
    lacking = [part for part in (ADD, json.dumps(list(call.arguments))) if part not in held]
    if message["properties"]["delivery_info"].get("routing_key") != BASIC:
        lacking.append(f"the route to {BASIC}")
    return lacking


def _names(call: Call) -> list[str]:
    message, body = _opened(call)
    return [each["task"] for _, each in (*_objects("", message), *_objects("", body)) if "task" in each]


def _objects(place: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON object in a value, and its place there."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, dict):
        yield place, value
    for key, part in parts:
        yield from _objects(f"{place}.{key}", part)


def _key(call: Call) -> str:
    return f"celery-task-meta-{call.task}"


def _is_success(call: Call, text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    right = ("SUCCESS", sum(call.arguments))
    return isinstance(value, dict) and (value.get("status"), value.get("result")) == right


def _processes(pids: set[int]) -> str:
    return ", ".join(map(str, sorted(pids))) or "no process"
