"""A broker in a container: published on 127.0.0.1 alone, and removed by the supervisor through its label."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any, cast

from poolproof.host.broker.private import Private
from poolproof.host.broker.server import KINDS, Broker, Unavailable, last_line
from poolproof.host.supervisor import Supervisor
from poolproof.host.supervisor.containers import LABEL, listens
from poolproof.host.waiting import STRUCTURAL, until

PORT = 6379


def from_container(want: str, image: str | None, supervisor: Supervisor) -> Broker:
    """A server from `image`, or from the default image; Unavailable when no server answers there."""
    # Imported here, because the Docker libraries load slowly and only this origin needs them.
    from docker.errors import DockerException

    private, image = Private(want, "docker"), image or KINDS[want].image
    container = _container(private, image, supervisor.label)
    supervisor.guard_containers()
    with closing(container.get_docker_client().client):
        try:
            container.start()
            started = container.get_wrapped_container()
            broker = private.broker(_ready_port(private, started, image))
            return replace(broker, image=_described(started.image, image))
        except (DockerException, OSError) as error:
            _remove(container)
            raise Unavailable(f"image {image} does not start: {_explained(error)}") from None
        except Unavailable:
            _remove(container)
            raise


def _described(image: Any, name: str) -> str:
    """The image's name and the beginning of its id, because a tag can move; and its maker's comment."""
    made = image.attrs.get("Comment") or ""
    return f"{name} ({image.id.removeprefix('sha256:')[:12]}{made and f', {made}'})"


def _remove(container: Any) -> None:
    """Remove a container that did not become a broker; if that fails, the supervisor removes it later."""
    from docker.errors import DockerException

    with suppress(DockerException, OSError):
        container.stop()


def _container(private: Private, image: str, label: str) -> Any:
    from docker.errors import DockerException

    try:
        container = _reached(image)
    except (DockerException, OSError):
        raise Unavailable("no Docker daemon answers") from None
    except ValueError as error:  # an impossible address, or a word in place of a number
        raise Unavailable(
            f"a variable DOCKER_*, TESTCONTAINERS_* or TC_* is wrong: {_explained(error)}"
        ) from None
    # An image made from packages has no entry point and no command; an official image accepts both.
    container.with_command([KINDS[private.want].program, *private.arguments("0.0.0.0", PORT)])
    container.ports[f"{PORT}/tcp"] = cast(Any, ("127.0.0.1", None))
    return container.with_kwargs(labels={LABEL: label})


def _reached(image: str) -> Any:
    """A container that is not started; its daemon has answered."""
    from docker.errors import DockerException
    from testcontainers.core.config import testcontainers_config
    from testcontainers.core.container import DockerContainer

    if not listens():
        raise Unavailable("no Docker daemon answers")
    # Its reaper is another image to pull, and the supervisor already removes containers by their label.
    testcontainers_config.ryuk_disabled = True
    # The daemon of this environment, as the supervisor uses it, and not the daemon of a Docker context.
    container = DockerContainer(image, docker_client_kw={"environment": dict(os.environ)})
    client = container.get_docker_client().client
    try:
        client.ping()
    except (DockerException, OSError):
        client.close()
        raise
    return container


def _ready_port(private: Private, started: Any, image: str) -> int:
    """The port on 127.0.0.1 at which the server answers."""

    def ended_or_ready() -> bool:
        started.reload()
        return started.status == "exited" or any(map(private.answers, _ports(started)))

    ready = until(ended_or_ready)
    if started.status == "exited":
        # One call each, because the daemon keeps the order within a stream, but not between the two streams.
        log = (started.logs(stdout=False) or started.logs(stderr=False)).decode(errors="replace")
        raise Unavailable(f"image {image} ended at once: {last_line(log)}")
    if not ready:
        raise Unavailable(f"image {image} does not answer on 127.0.0.1 within {STRUCTURAL:.0f} s")
    return _ports(started)[0]


def _ports(started: Any) -> list[int]:
    bindings = started.ports.get(f"{PORT}/tcp") or []
    if any(binding["HostIp"] != "127.0.0.1" for binding in bindings):
        raise Unavailable("this Docker daemon publishes ports on more addresses than 127.0.0.1")
    return [int(binding["HostPort"]) for binding in bindings]


def _explained(error: Exception) -> str:
    return last_line(str(getattr(error, "explanation", None) or error))
