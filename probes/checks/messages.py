"""Judges what a client puts into Redis, what a worker puts there, and what the client takes from it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from probes.judgement import Judgement, check
from probes.observations.messages import Exchange, Pushed

NAME, ARGUMENTS, QUEUE, SUM = "tasks.basic_tasks.add", [3, 5], "basic", 8
"""The call that the documents follow: `add.delay(3, 5)`."""


@check
def one_object_says_it_all(exchange: Exchange) -> Judgement:
    """True when some one object of the message, encoded or not, holds task, args and id."""
    message, body = _opened(exchange.pushed[0])
    wanted = {"task": NAME, "args": ARGUMENTS, "id": exchange.task}
    places = [
        (place, [key for key, value in wanted.items() if each.get(key) == value])
        for place, each in (*_objects("message", message), *_objects("body", body))
    ]
    told = "; ".join(f"{place} holds {', '.join(keys)}" for place, keys in places if keys)
    return Judgement(
        any(keys == list(wanted) for _, keys in places),
        f"{told or 'no object holds any of them'}; the body, out of base64, is {json.dumps(body)[:160]}",
    )


@check
def serialised_by_the_client(exchange: Exchange) -> Judgement:
    """True when the client alone encoded the call, before it pushed its name, arguments and route."""
    (pushed, *more), client = exchange.pushed, exchange.client
    message, body = _opened(pushed)
    held = json.dumps([message["headers"], body])
    missing = [part for part in (NAME, json.dumps(ARGUMENTS)) if part not in held]
    if message["properties"]["delivery_info"].get("routing_key") != QUEUE:
        missing.append(f"the route to {QUEUE}")
    encoders = {each.pid for each in exchange.encoded}
    early = [each for each in exchange.encoded if each.at < pushed.at]
    by_client = encoders == {client} and pushed.pid == client and bool(early)
    return Judgement(
        by_client and not missing and not more,
        f"the client is process {client}; arguments were encoded by {_processes(encoders)}, "
        f"the message pushed by {_processes({pushed.pid})}, {'after' if early else 'before'} that; "
        f"it {f'lacks {missing}' if missing else 'holds name, arguments and route'}",
    )


@check
def result_under_its_key(exchange: Exchange) -> Judgement:
    """True when Redis holds SUCCESS and 8, as JSON, under celery-task-meta- and the task's id."""
    value = exchange.stored.get(f"celery-task-meta-{exchange.task}", "")
    told = "; ".join(f"{key} holds {text[:120]}" for key, text in exchange.stored.items())
    return Judgement(_is_success(value), told or "no key ends with the task's id")


@check
def taken_from_redis(exchange: Exchange) -> Judgement:
    """True when the client was given 8, and Redis had told it so under the task's key."""
    key = f"celery-task-meta-{exchange.task}"
    told = [each.value for each in exchange.answers if each.key == key]
    right = exchange.got == repr(SUM) and any(map(_is_success, told))
    return Judgement(
        right, f"get() returned {exchange.got}; to the client's GET {key} Redis said {told[:1] or 'nothing'}"
    )


@check
def put_into_basic(exchange: Exchange) -> Judgement:
    """True when the client put its call into the queue `basic`, and into no other."""
    queues = [each.queue for each in exchange.pushed]
    return Judgement(queues == [QUEUE], f"add.delay(3, 5) was put into {', '.join(queues)}")


@check
def named_by_its_module(exchange: Exchange) -> Judgement:
    """True when the message names the task by the module that defines it."""
    message, body = _opened(exchange.pushed[0])
    named = [each["task"] for _, each in (*_objects("", message), *_objects("", body)) if "task" in each]
    return Judgement(named == [NAME], f"the message names {', '.join(named) or 'no task'}")


def _opened(pushed: Pushed) -> tuple[Any, Any]:
    """The message as JSON, and its body out of base64 as JSON."""
    message = json.loads(pushed.text)
    return message, json.loads(base64.b64decode(message["body"]))


def _objects(place: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON object in a value, with where it stands."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, dict):
        yield place, value
    for key, part in parts:
        yield from _objects(f"{place}.{key}", part)


def _is_success(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, dict) and (value.get("status"), value.get("result")) == ("SUCCESS", SUM)


def _processes(pids: set[int]) -> str:
    return ", ".join(map(str, sorted(pids))) or "no process"
