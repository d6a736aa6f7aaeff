"""Brokers in containers: published only on loopback, and removed with the run, however it ends."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
import tarfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import docker
import pytest
from docker.errors import DockerException

from poolproof.host.broker import Broker, BrokerRequest, open_broker
from poolproof.host.broker.server import KINDS
from poolproof.host.supervisor import Supervisor
from poolproof.host.supervisor.containers import LABEL, listens
from poolproof.host.waiting import until
from poolproof.model.errors import BadInput
from tests.brokers import Open, ask

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def daemon() -> Iterator[Any]:
    if not listens():
        pytest.skip("no Docker daemon listens")
    try:
        client = docker.from_env()
        client.ping()
    except DockerException:
        pytest.skip("no Docker daemon answers")
    yield client
    client.close()


def test_a_daemon_that_is_not_there_leaves_no_socket_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    with warnings.catch_warnings(record=True) as seen, Supervisor("test") as supervisor:
        warnings.simplefilter("always")
        with pytest.raises(BadInput, match="no Docker daemon answers"):
            open_broker("redis", BrokerRequest(origin="docker"), supervisor, tmp_path, print)
        gc.collect()
    assert [str(each.message) for each in seen if each.category is ResourceWarning] == []


@pytest.fixture
def label() -> str:
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
def contained(daemon: Any, label: str, tmp_path: Path) -> Iterator[Open]:
    """Open a broker in a container, which is removed at the end."""
    with Supervisor(label) as supervisor:

        def contained(want: str = "redis", image: str | None = None) -> Broker:
            request = BrokerRequest(origin="docker", image=image)
            return open_broker(want, request, supervisor, tmp_path, print)

        yield contained


def containers(daemon: Any, label: str) -> list[Any]:
    found: list[Any] = daemon.containers.list(
        all=True, filters={"label": f"{LABEL}={label}"}, ignore_removed=True
    )
    return found


@pytest.mark.parametrize("want", ["redis", "valkey"])
def test_a_default_image_gives_the_wanted_server(want: str, contained: Open) -> None:
    broker = contained(want)
    assert (broker.server, broker.origin, broker.databases) == (want, "docker", 10_000)
    assert broker.version.startswith("8.")
    config = ask(broker, 9_999).config_get("*")
    assert (config["save"], config["appendonly"]) == ("", "no")


def test_the_port_is_published_on_loopback_alone(contained: Open, daemon: Any, label: str) -> None:
    broker = contained()
    (container,) = containers(daemon, label)
    assert container.ports == {
        "6379/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(urlsplit(broker.url).port)}]
    }


def test_the_reaper_is_not_needed(contained: Open, daemon: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from testcontainers.core.config import testcontainers_config

    monkeypatch.setattr(testcontainers_config, "ryuk_disabled", False)
    monkeypatch.setattr(testcontainers_config, "ryuk_image", "127.0.0.1:1/no-such-reaper")
    assert ask(contained()).ping()


def test_the_end_of_the_run_removes_the_container(daemon: Any, label: str, tmp_path: Path) -> None:
    with Supervisor(label) as supervisor:
        open_broker("redis", BrokerRequest(origin="docker"), supervisor, tmp_path, print)
        assert len(containers(daemon, label)) == 1
    assert containers(daemon, label) == []


RUN = """
import sys
from pathlib import Path
from poolproof.host.broker import BrokerRequest, open_broker
from poolproof.host.supervisor import Supervisor
supervisor = Supervisor(sys.argv[1])
open_broker("redis", BrokerRequest(origin="docker"), supervisor, Path(sys.argv[2]), print)
print("ready", flush=True)
input()
"""


def test_a_run_that_is_killed_leaves_no_container(daemon: Any, label: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUN, label, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        assert len(containers(daemon, label)) == 1
        run.kill()
    assert until(lambda: not containers(daemon, label))


@pytest.fixture
def spoilt_image(daemon: Any) -> Iterator[str]:
    """The Redis image with a script instead of its server, which prints why it ends."""
    script = b"#!/bin/sh\necho starting\necho no luck today >&2\nexit 3\n"
    entry = tarfile.TarInfo("usr/bin/redis-server")
    entry.size, entry.mode = len(script), 0o755
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(entry, io.BytesIO(script))
    name = f"poolproof-spoilt-{uuid.uuid4().hex}"
    container = daemon.containers.create(KINDS["redis"].image, "redis-server")
    try:
        container.put_archive("/", archive.getvalue())
        container.commit(name, "1", conf={"Entrypoint": ["/bin/sh", "/usr/bin/redis-server"]})
        yield f"{name}:1"
        daemon.images.remove(f"{name}:1")
    finally:
        container.remove(force=True, v=True)


def refused(contained: Open, want: str, image: str) -> str:
    with pytest.raises(BadInput) as caught:
        contained(want, image)
    line = str(caught.value)
    assert "\n" not in line
    assert image in line
    return line


def test_an_image_whose_server_ends_at_once(
    spoilt_image: str, contained: Open, daemon: Any, label: str
) -> None:
    assert "ended at once: no luck today" in refused(contained, "redis", spoilt_image)
    assert containers(daemon, label) == []


def test_an_image_without_the_server(contained: Open, daemon: Any, label: str) -> None:
    assert "valkey-server" in refused(contained, "valkey", KINDS["redis"].image)
    assert containers(daemon, label) == []


@pytest.mark.parametrize(
    "image", ["127.0.0.1:1/none:8", "Not An Image"], ids=["nowhere-to-pull-from", "malformed"]
)
def test_an_image_that_is_not_there(image: str, contained: Open) -> None:
    assert "does not start: " in refused(contained, "redis", image)
