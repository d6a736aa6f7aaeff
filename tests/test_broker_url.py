"""A broker that the user runs: each mistake in its address has a line, and no line has the password."""

from __future__ import annotations

import os
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import poolproof.host.broker.server as server_module
from poolproof.host.broker import Broker, BrokerRequest, Databases
from poolproof.host.broker.server import connect, masked
from poolproof.host.broker.url import parse
from poolproof.model.errors import BadInput
from tests.brokers import SECRET, Bad, Open, answering, ask

pytest_plugins = ["tests.broker_fixtures"]


def with_secret(broker: Broker) -> str:
    return broker.url.replace("://", f"://:{SECRET}@")


REPLICA = "is a replica; give its primary, because what is written to a replica is lost"
MALFORMED = {
    "tls": (f"rediss://:{SECRET}@host/0", "rediss:// is not supported; give a redis:// address"),
    "unix-socket": (f"unix://:{SECRET}@/run/redis.sock", "unix:// is not supported"),
    "other-scheme": (f"amqp://:{SECRET}@host/0", "is not a Redis address; write redis://"),
    "no-scheme": (f":{SECRET}@host:6379", "is not a Redis address; write redis://"),
    "no-host": (f"redis://:{SECRET}@/0", "is not a Redis address; write redis://"),
    "port-is-a-word": (f"redis://:{SECRET}@host:port/0", "is not a Redis address; write redis://"),
    "port-too-high": (f"redis://:{SECRET}@host:70000/0", "is not a Redis address; write redis://"),
    "number-is-a-word": (f"redis://:{SECRET}@host/first", "is not a Redis address; write redis://"),
    "number-is-negative": (f"redis://:{SECRET}@host/-1", "is not a Redis address; write redis://"),
    "password-in-the-query": (f"redis://host/0?password={SECRET}", "is not a Redis address; write redis://"),
    "slash-in-the-password": (f"redis://:a/{SECRET}@host/0", "special characters of the password percent"),
    "hash-in-the-password": (f"redis://:a#{SECRET}@host/0", "special characters of the password percent"),
    "number-too-long": (
        "redis://host/1" + "0" * 5000,
        "no server has so many databases; name a lower number",
    ),
    "unclosed-bracket": (f"redis://:{SECRET}@[::1/0", "is not a Redis address; write redis://"),
}


@pytest.mark.parametrize(("url", "mend"), MALFORMED.values(), ids=MALFORMED)
def test_an_address_that_cannot_be_read_gets_one_line(url: str, mend: str, bad: Bad) -> None:
    line = bad(url)
    assert line.startswith(f"--broker-url {masked(url)[:200]}: ")
    assert mend in line


NO_REDIS = {
    "web-server": b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
    "mail-server": b"220 mail.example ready\r\n",
    "hangs-up": b"",
    "binary-rubbish": b"\x00\xff\xfe\r\n",
    "number-that-is-none": b":seven\r\n",
}


@pytest.mark.parametrize("reply", NO_REDIS.values(), ids=NO_REDIS)
def test_a_server_that_is_no_redis_is_told_apart(reply: bytes, bad: Bad) -> None:
    with answering(reply=reply) as url:
        for either in (url, url.replace(f":{SECRET}@", "")):
            assert bad(either).endswith(": something answers there that is no Redis; correct host and port")


def test_a_server_that_is_silent_is_not_waited_for(bad: Bad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "ANSWER", 0.2)
    with answering(reply=None) as url:
        assert "takes the connection and is silent" in bad(url)


def test_a_server_that_repeats_the_password_is_not_repeated(bad: Bad) -> None:
    echo = f"-ERR unknown command `AUTH`, with args beginning with: `{SECRET}`\r\n".encode()
    with answering(reply=echo) as url:
        assert "the server says: something with the password in it; " in bad(url)


def test_nobody_listens(bad: Bad) -> None:
    line = bad(f"redis://:{SECRET}@127.0.0.1:1/0")
    assert line.endswith("does not answer (Connection refused); start the server, or correct host and port")


def test_password_is_wanted_and_not_given(private: Broker, bad: Bad) -> None:
    ask(private).config_set("requirepass", SECRET)
    assert bad(private.url).endswith("wants a password; write redis://:PASSWORD@host:port/number")


def test_password_is_wrong(private: Broker, bad: Bad) -> None:
    ask(private).config_set("requirepass", "another")
    assert bad(with_secret(private)).endswith("refuses the password; correct it")


def test_password_is_given_and_none_is_set(private: Broker, bad: Bad) -> None:
    assert bad(with_secret(private)).endswith("has no password, and the address gives one; leave it out")


def test_user_may_not_ask(private: Broker, bad: Bad) -> None:
    ask(private).acl_setuser("guest", enabled=True, passwords=[f"+{SECRET}"], commands=["+ping"])
    line = bad(private.url.replace("://", f"://guest:{SECRET}@"))
    assert "no permissions to run the 'info' command" in line.lower()
    assert line.endswith("give a user who may run every command on every key and channel")


def test_database_is_beyond_the_last(private: Broker, bad: Bad) -> None:
    assert bad(f"{private.url}/10000").endswith("the server has no database 10000; name a lower number")


def test_database_is_not_empty(private: Broker, bad: Bad) -> None:
    ask(private, 3).set("mine", 1)
    assert "database 3 is not empty, it holds 1 keys; name an empty one" in bad(f"{private.url}/3")
    assert ask(private, 3).get("mine") == b"1"


def test_database_is_taken_by_another_run(private: Broker, bad: Bad) -> None:
    number = Databases(replace(private, origin="url", first=3)).take()
    at = f"-h 127.0.0.1 -p {urlsplit(private.url).port} -n {number}"
    line = bad(f"{private.url}/{number}")
    assert f"database {number} is in use by the run of pid {os.getpid()} on " in line
    assert line.endswith(f"if it was killed, free the database: redis-cli {at} FLUSHDB")


def test_user_may_read_and_not_write(private: Broker, bad: Bad) -> None:
    commands = ["+@all", "-@write"]
    ask(private).acl_setuser("reader", enabled=True, passwords=[f"+{SECRET}"], keys=["*"], commands=commands)
    line = bad(private.url.replace("://", f"://reader:{SECRET}@"))
    assert "refuses SET (" in line
    assert line.endswith("give a user who may run every command on every key and channel")


def test_user_may_write_some_keys_alone(private: Broker, bad: Bad) -> None:
    guest = {"enabled": True, "passwords": [f"+{SECRET}"], "commands": ["+@all"]}
    ask(private).acl_setuser("guest", keys=["celery*"], **guest)
    line = bad(private.url.replace("://", f"://guest:{SECRET}@"))
    assert line.endswith("give a user who may run every command on every key and channel")


def test_server_takes_no_writes(private: Broker, bad: Bad) -> None:
    with ask(private) as client:
        client.config_set("maxmemory", 1)
        line = bad(private.url)
        client.config_set("maxmemory", 0)
    assert "refuses SET (command not allowed when used memory > 'maxmemory'" in line
    assert line.endswith("its memory is full: raise maxmemory, or free some")


def test_nothing_stays_of_the_examination(private: Broker, opened: Open) -> None:
    opened(url=f"{private.url}/7")
    assert ask(private, 7).keys() == []
    assert "cmdstat_set" in ask(private).info("commandstats")


def test_server_is_a_replica(private: Broker, bad: Bad) -> None:
    ask(private).replicaof("127.0.0.1", 1)
    assert bad(private.url).endswith(REPLICA)
    ask(private).config_set("replica-read-only", "no")
    assert bad(private.url).endswith(REPLICA)


def test_server_is_of_the_other_kind(private: Broker, bad: Bad) -> None:
    line = bad(private.url, "valkey")
    assert f"is redis {private.version}, and this environment is for valkey" in line


def test_valkey_is_not_taken_for_redis(opened: Open, bad: Bad) -> None:
    assert "is valkey 9." in bad(opened("valkey", origin="wheel").url, "redis")


def test_a_good_address_is_taken_with_its_password(private: Broker, opened: Open) -> None:
    ask(private).config_set("requirepass", SECRET)
    broker = opened(url=f"{with_secret(private)}/7")
    assert broker == Broker(with_secret(private), "redis", private.version, "url", 10_000, first=7)
    assert broker.database_url(9) == f"{with_secret(private)}/9"
    assert connect(broker.database_url(9)).ping()


def test_a_server_that_hides_its_configuration_gives_one_database(private: Broker, opened: Open) -> None:
    ask(private).acl_setuser(
        "app", enabled=True, passwords=["+pw"], keys=["*"], channels=["*"], commands=["+@all", "-config"]
    )
    broker = opened(url=private.url.replace("://", "://app:pw@") + "/4")
    assert (broker.first, broker.databases) == (4, 5)


def test_a_password_is_never_printed() -> None:
    broker = Broker(f"redis://user:{SECRET}@127.0.0.1:6379", "redis", "8.0.2", "url", 16)
    assert broker.shown == "redis://user:***@127.0.0.1:6379"
    assert SECRET not in f"{broker} {broker!r} {BrokerRequest(url=broker.url)!r} {parse(broker.url)!r}"


@given(password=st.text("xyz@:/?#%[]", min_size=8))
def test_no_password_survives_the_mask(password: str) -> None:
    url = f"redis://user:{password}@host:1/0"
    shown = [masked(url)]
    try:
        shown.append(repr(parse(url)))
    except BadInput as error:
        shown.append(str(error))
    assert password not in " ".join(shown)
