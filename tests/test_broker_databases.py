"""Which databases are used: none that has a key, and none where another client waits."""

from __future__ import annotations

import dataclasses
import socket
from contextlib import closing
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

import pytest

import poolproof.host.broker.databases as databases_module
from poolproof.host.broker import Broker, Databases
from poolproof.host.broker.mark import MARK
from poolproof.host.waiting import until
from poolproof.model.errors import InstrumentError, Void
from tests.brokers import ask

pytest_plugins = ["tests.broker_fixtures"]


def test_a_private_database_is_used_once(private: Broker) -> None:
    databases = Databases(dataclasses.replace(private, databases=2))
    assert [databases.take(), databases.take()] == [0, 1]
    databases.give_back(0)
    with pytest.raises(InstrumentError, match="used all 2 databases"):
        databases.take()


def test_a_private_database_that_is_not_empty_is_an_instrument_error(private: Broker) -> None:
    ask(private, 0).set("stray", 1)
    with pytest.raises(InstrumentError, match="database 0 of the run's own broker is not empty"):
        Databases(private).take()


def theirs(private: Broker, databases: int, first: int = 0) -> Broker:
    return dataclasses.replace(private, origin="url", databases=databases, first=first)


def test_a_users_empty_databases_are_gone_round(private: Broker) -> None:
    ask(private, 3).set("mine", 1)
    databases = Databases(theirs(private, 5, first=2))
    seen = []
    for _ in range(4):
        seen.append(databases.take())
        databases.give_back(seen[-1])
    assert seen == [2, 4, 2, 4]


def test_two_at_a_time_are_never_the_same(private: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases_module, "STRUCTURAL", 0.1)
    databases = Databases(theirs(private, 2))
    assert {databases.take(), databases.take()} == {0, 1}
    with pytest.raises(Void, match="no database of"):
        databases.take()


def test_a_database_on_which_another_worker_waits_is_passed_over(private: Broker) -> None:
    with ask(private, 0) as watcher, closing(socket.create_connection(address(private))) as worker:
        worker.sendall(b"SELECT 1\r\nBLPOP celery 0\r\n")
        assert until(lambda: any("b" in client["flags"] for client in watcher.client_list()))
        databases = Databases(theirs(private, 3))
        assert [databases.take(), databases.take()] == [0, 2]


def address(broker: Broker) -> tuple[str, int]:
    parts = urlsplit(broker.url)
    return str(parts.hostname), int(parts.port or 0)


def test_two_runs_never_take_the_same(private: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = Databases(theirs(private, 3)), Databases(theirs(private, 3))
    assert [one.take(), other.take(), one.take()] == [0, 1, 2]
    monkeypatch.setattr(databases_module, "STRUCTURAL", 0.1)
    with pytest.raises(Void, match="no database of"):
        other.take()
    one.give_back(0)
    assert other.take() == 0


def test_two_runs_that_see_one_database_free_at_once_do_not_share_it(
    private: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases_module, "_filled", lambda client: set())
    one, other = Databases(theirs(private, 2)), Databases(theirs(private, 2))
    assert [one.take(), other.take()] == [0, 1]


def test_a_database_that_somebody_fills_before_it_is_marked_is_passed_over(
    private: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(private, 0).set("mine", 1)
    monkeypatch.setattr(databases_module, "_filled", lambda client: set())
    assert Databases(theirs(private, 2)).take() == 1
    assert ask(private, 0).keys() == [b"mine"]


def test_the_mark_lasts_as_long_as_what_a_killed_run_leaves(private: Broker) -> None:
    number = Databases(theirs(private, 2)).take()
    assert ask(private, number).ttl(MARK) == -1


def test_the_mark_is_the_last_that_is_deleted(private: Broker) -> None:
    databases = Databases(theirs(private, 2))
    number = databases.take()
    with ask(private, number) as client, client.monitor() as monitor:
        ask(private, number).mset({f"key-{n}": n for n in range(2500)})
        databases.give_back(number)
        ask(private, number).ping()
        commands = (each["command"] for each in monitor.listen())
        unlinked = [each for each in takewhile(lambda each: each != "PING", commands) if "UNLINK" in each]
        assert [MARK in each for each in unlinked] == [False, False, False, True]
        assert client.dbsize() == 0


def test_no_free_database_is_void(private: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases_module, "STRUCTURAL", 0.1)
    ask(private, 0).set("mine", 1)
    with pytest.raises(Void, match=r"no database of redis://127\.0\.0\.1:\d+ is empty and unused"):
        Databases(theirs(private, 1)).take()


def test_what_was_left_is_deleted_and_nothing_is_flushed(private: Broker) -> None:
    databases = Databases(private)
    number = databases.take()
    with ask(private, number) as client:
        client.mset({f"key-{n}": n for n in range(2500)} | {b"\xff\xfe": "not text"})
        databases.give_back(number)
        assert client.dbsize() == 0
        assert not [name for name in client.info("commandstats") if "flush" in name]


def test_a_database_that_was_not_taken_is_never_emptied(private: Broker) -> None:
    ask(private, 5).set("mine", 1)
    with pytest.raises(InstrumentError, match="database 5 was given back and never taken"):
        Databases(private).give_back(5)
    assert ask(private, 5).get("mine") == b"1"


@pytest.mark.parametrize("origin", ["wheel", "url"])
def test_a_broker_that_is_gone_is_void(origin: Any, private: Broker) -> None:
    ask(private).shutdown(nosave=True)
    with pytest.raises(Void, match=r"^no broker: redis://127"):
        Databases(dataclasses.replace(private, origin=origin)).take()
