"""The commands that a server must know are tried before any worker starts; a later refusal is void."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.host.broker import Broker
from poolproof.host.broker.commands import COMMANDS
from poolproof.host.broker.path import free_port
from poolproof.host.broker.refusals import Refusals
from poolproof.host.broker.server import connect
from poolproof.host.broker.wheel import executable
from poolproof.host.supervisor import Supervisor
from poolproof.host.waiting import until
from tests.attempts import attempt
from tests.brokers import Bad, answering, ask, locked
from tests.house import build

pytest_plugins = ["tests.broker_fixtures"]

EVERY_ONE = "give a user who may run every command on every key and channel"
NAMES = sorted({str(name) for name, *_ in COMMANDS} | {"SUBSCRIBE", "PSUBSCRIBE"})


def as_user(broker: Broker, *rules: str) -> str:
    """The address of a user with these access rules; the database is number 5."""
    ask(broker).execute_command("ACL", "SETUSER", "app", "reset", "on", ">pw", *rules)
    return broker.url.replace("://", "://app:pw@") + "/5"


@pytest.mark.parametrize("name", NAMES)
def test_each_command_that_a_user_lacks_is_named(name: str, private: Broker, bad: Bad) -> None:
    rule = f"-{name.lower().replace(' ', '|')}"
    line = bad(as_user(private, "~*", "&*", "+@all", rule))
    assert name.lower() in line.lower()
    assert line.endswith(EVERY_ONE)
    assert all(0 < ask(private, 5).ttl(key) <= 60 for key in ask(private, 5).scan_iter())


def test_a_user_without_channels_is_refused(private: Broker, bad: Bad) -> None:
    line = bad(as_user(private, "~*", "resetchannels", "+@all"))
    assert "refuses PUBLISH, SUBSCRIBE, PSUBSCRIBE (" in line
    assert line.endswith(EVERY_ONE)


def started(supervisor: Supervisor, folder: Path, *options: str) -> str:
    """The address of a user's server that was started with these options."""
    port = free_port()
    argv = [str(executable("redis")), "--bind", "127.0.0.1", "--port", str(port), "--save", "", *options]
    supervisor.spawn(argv, env={}, cwd=folder, log=folder / "server.log")
    url = f"redis://127.0.0.1:{port}"
    with connect(url) as client:
        assert until(lambda: "Ready to accept" in (folder / "server.log").read_text() and client.ping())
    return url


def test_a_renamed_command_is_named(supervisor: Supervisor, tmp_path: Path, bad: Bad) -> None:
    renamed = ("--rename-command", "BRPOP", "", "--rename-command", "EVALSHA", "hidden")
    line = bad(started(supervisor, tmp_path, *renamed))
    assert "refuses BRPOP, EVALSHA (unknown command" in line
    assert line.endswith("take rename-command out of its configuration, or give another server")


@pytest.mark.parametrize("command", ["INFO", "DBSIZE", "SELECT", "GET", "SET", "EXISTS"])
def test_what_is_asked_first_may_be_renamed_too(
    command: str, supervisor: Supervisor, tmp_path: Path, bad: Bad
) -> None:
    line = bad(started(supervisor, tmp_path, "--rename-command", command, "") + "/1")
    assert line.endswith("take rename-command out of its configuration, or give another server")


@pytest.mark.parametrize("number", [0, 3])
def test_a_cluster_is_told_as_one(number: int, supervisor: Supervisor, tmp_path: Path, bad: Bad) -> None:
    bus = str(free_port())  # the default, port + 10,000, may be above 65,535
    url = started(supervisor, tmp_path, "--cluster-enabled", "yes", "--cluster-port", bus)
    assert bad(f"{url}/{number}").endswith("is a cluster or a sentinel; give a single server")


def test_protected_mode_is_told_as_what_it_is(bad: Bad) -> None:
    denied = b"-DENIED Redis is running in protected mode because it is\r\n"
    with answering(reply=denied) as url:
        assert "is in protected mode, so it serves its own machine alone; " in bad(
            url.replace(":hush+4711@", "")
        )


def test_a_number_beyond_the_last_database(private: Broker, bad: Bad) -> None:
    assert bad(f"{private.url}/999999999").endswith("has no database 999999999; name a lower number")


def test_little_memory_left_is_told_before_it_is_full(private: Broker, bad: Bad) -> None:
    used = ask(private).info("memory")["used_memory"]
    ask(private).config_set("maxmemory", used + 8 * 2**20)
    assert bad(private.url).endswith("MiB of memory left, and a run needs 16; raise maxmemory, or free some")


def test_what_the_server_refuses_to_anybody_is_counted_until_told(private: Broker) -> None:
    client = ask(private)
    refusals = Refusals(client)
    assert refusals.since_last_look() == ""
    client.config_set("maxmemory", 1)
    for _ in range(2):
        with pytest.raises(Exception, match="maxmemory"):
            ask(private).set("some", "thing")
    client.config_set("maxmemory", 0)
    assert refusals.since_last_look() == "the server refused 2 commands: its memory is full"
    assert refusals.since_last_look() == ""


def test_a_memory_that_fills_during_a_trial_makes_it_void(tmp_path: Path) -> None:
    house = build(tmp_path / "house")
    with locked(tmp_path) as (url, _), connect(url) as client:
        made = attempt(
            house, tmp_path / "attempt", "--pool", "solo", "--broker-url", url, "-k", "waits and solo-c2"
        )
        assert until(lambda: made.waits, within=60)
        client.config_set("maxmemory", 1)
        with pytest.raises(Exception, match="maxmemory"):
            client.set("x", 1)
        client.config_set("maxmemory", 0)
        made.release()
        assert until(lambda: made.lines("trial"), within=60), made.output
        made.process.terminate()
        made.end()
        first = made.lines("trial")[0]
    assert first["outcome"] == "void"
    assert "its memory is full" in first["evidence"]
