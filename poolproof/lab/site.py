"""What all lifetimes of a run share, opened and closed in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from poolproof.host.broker import Broker, BrokerRequest, Databases, open_broker
from poolproof.host.disk import SPACE_FOR_RUN, require_space
from poolproof.host.sentinel import Sentinel
from poolproof.host.supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Site:
    """A broker and its observers; `messages` and `seconds` limit a stream of messages.

    The end of the run removes `folder` and everything that was started here, also when the run is killed.
    """

    broker: Broker
    databases: Databases
    supervisor: Supervisor
    sentinel: Sentinel
    folder: Path
    messages: int
    seconds: float


@contextmanager
def open_site(
    label: str,
    request: BrokerRequest,
    *,
    messages: int,
    seconds: float,
    server: str = "redis",
    say: Callable[[str], None] = print,
) -> Iterator[Site]:
    """Start a supervisor with this label, and get a broker; `say` gets the reason when an origin has none."""
    with Supervisor(label) as supervisor, closing(Sentinel()) as sentinel:
        folder = supervisor.make_folder()
        require_space(folder, SPACE_FOR_RUN)
        broker = open_broker(server, request, supervisor, folder, say)
        yield Site(broker, Databases(broker, supervisor), supervisor, sentinel, folder, messages, seconds)
