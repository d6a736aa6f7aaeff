"""How we get a broker: a URL, a container, a server on the PATH or one from a Python package, in this order.

A private server listens on 127.0.0.1 alone, keeps nothing on disk, and ends with the run.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from poolproof.host.broker.container import from_container
from poolproof.host.broker.databases import Databases
from poolproof.host.broker.path import from_path
from poolproof.host.broker.server import KINDS, Broker, BrokerRequest, Origin, Unavailable
from poolproof.host.broker.url import from_url
from poolproof.host.broker.wheel import distribution, from_wheel
from poolproof.host.supervisor import Supervisor
from poolproof.model.errors import BadInput

__all__ = ["Broker", "BrokerRequest", "Databases", "Origin", "open_broker"]


def open_broker(
    want: str, request: BrokerRequest, supervisor: Supervisor, workspace: Path, say: Callable[[str], None]
) -> Broker:
    """A broker of the wanted kind, ready to be used.

    A broker that the user names is used, or refused with BadInput. Otherwise the origins are tried in order,
    and `say` gets one line for each that fails.
    """
    forced = _forced(want, request)
    if request.url is not None:
        return from_url(request.url, want)
    private: dict[Origin, Callable[[], Broker]] = {
        "docker": lambda: from_container(want, request.image, supervisor),
        "path": lambda: from_path(want, supervisor, workspace),
        "wheel": lambda: from_wheel(want, supervisor, workspace),
    }
    for origin in [forced] if forced else private:
        try:
            return private[origin]()
        except Unavailable as why:
            if forced:
                raise BadInput(f"{want} from {forced}: {why}; mend that, or let Poolproof choose") from None
            say(f"no {want} from {origin}: {why}")
    raise BadInput(
        f"no {want} broker found: start Docker, install {KINDS[want].program}, "
        f"pip install {distribution(want)}, or give --broker-url"
    )


def _forced(want: str, request: BrokerRequest) -> Origin | None:
    """The one origin that the user asked for, also by naming a URL or an image; None when any is allowed."""
    if want not in KINDS:
        raise BadInput(f"--server {want}: there are {', '.join(KINDS)}; take one of these")
    named: dict[str, Origin | None] = {
        "--broker-url": None if request.url is None else "url",
        "--broker-image": None if request.image is None else "docker",
        "--broker-from": request.origin,
    }
    given = {option: origin for option, origin in named.items() if origin is not None}
    if len(set(given.values())) > 1:
        raise BadInput(f"{' and '.join(given)} contradict each other; leave one out")
    if request.origin == "url" and request.url is None:
        raise BadInput("--broker-from url: no URL is given; add --broker-url")
    return next(iter(given.values()), None)
