"""The reader of the Redis protocol, and the relay between a worker and the broker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from poolproof.host.broker import Broker
from poolproof.host.waiting import until
from poolproof.lab.observe.resp import Parser, Push
from poolproof.lab.observe.wire import Message, Wire
from poolproof.model.errors import Void
from tests.broker_fixtures import opened, private, said, supervisor

__all__ = ["opened", "private", "said", "supervisor"]

VALUES = [
    (b"+OK\r\n", b"OK"),
    (b"-ERR no\r\n", b"ERR no"),
    (b":42\r\n", 42),
    (b"$3\r\nabc\r\n", b"abc"),
    (b"$-1\r\n", None),
    (b"*-1\r\n", None),
    (b"_\r\n", None),
    (b"*2\r\n$1\r\na\r\n:1\r\n", [b"a", 1]),
    (b"%1\r\n$1\r\nk\r\n$1\r\nv\r\n", [b"k", b"v"]),
    (b"*1\r\n*1\r\n$4\r\n\r\n\r\n\r\n", [[b"\r\n\r\n"]]),
]


@given(st.lists(st.sampled_from(VALUES), max_size=8), st.data())
def test_values_are_read_wherever_the_bytes_are_cut(
    values: list[tuple[bytes, object]], data: st.DataObject
) -> None:
    stream = b"".join(raw for raw, _ in values)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    parser = Parser()
    assert [value for piece in pieces for value in parser.feed(piece)] == [value for _, value in values]


def test_an_out_of_band_message_is_told_from_an_answer() -> None:
    pushed, answer = Parser().feed(b">1\r\n$1\r\nx\r\n+OK\r\n")
    assert isinstance(pushed, Push)
    assert (pushed, answer) == ([b"x"], b"OK")


def test_what_is_not_the_protocol_is_refused() -> None:
    with pytest.raises(ValueError, match="not the Redis protocol"):
        list(Parser().feed(b"HTTP/1.1 200\r\n"))


@pytest.fixture
def wire(private: Broker) -> Iterator[Wire]:
    at = urlsplit(private.url)
    wire = Wire(at.hostname or "", at.port or 0, lambda: [os.getpid()])
    yield wire
    wire.close()


def test_each_command_is_seen_with_its_process_and_reply(wire: Wire) -> None:
    with redis.Redis(port=wire.port) as client:
        client.rpush("queue", "m1")
        client.brpop(["queue"], timeout=1)
    told = {command.name: command for command in wire.seen()}
    assert told["RPUSH"].arguments == ("queue", "m1")
    assert told["BRPOP"].reply == [b"queue", b"m1"]
    assert {command.pid for command in wire.seen()} == {os.getpid()}


@pytest.mark.parametrize("protocol", [2, 3])
def test_what_is_published_is_seen_with_who_was_told(wire: Wire, protocol: int) -> None:
    with redis.Redis(port=wire.port, protocol=protocol) as client, client.pubsub() as told:
        told.subscribe("news")
        assert until(lambda: client.publish("news", "m1"))
        assert until(lambda: wire.messages)
    assert wire.messages == [Message(os.getpid(), "news", "m1")]


def test_a_stranger_has_no_process(private: Broker) -> None:
    at = urlsplit(private.url)
    wire = Wire(at.hostname or "", at.port or 0, lambda: [])
    with redis.Redis(port=wire.port) as client:
        client.ping()
    assert {command.pid for command in wire.seen()} == {0}
    wire.close()


def test_a_relay_that_failed_voids_what_it_saw(wire: Wire) -> None:
    client = redis.Redis(port=wire.port, socket_timeout=1)
    client.ping()
    connection = client.connection_pool.get_connection()
    connection._sock.sendall(b"nonsense\r\n")  # type: ignore[attr-defined]

    def failed() -> bool:
        try:
            wire.seen()
        except Void:
            return True
        return False

    assert until(failed, within=10)
    client.close()
