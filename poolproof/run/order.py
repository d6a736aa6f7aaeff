"""The user's request; a name that does not exist is refused before anything is started."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from shlex import quote
from typing import get_args

from poolproof.catalogue.matrix import Matrix
from poolproof.catalogue.mistakes import unknown
from poolproof.catalogue.shards import WHOLE, Shard
from poolproof.host.broker import BrokerRequest, Origin
from poolproof.host.broker.server import KINDS
from poolproof.model import commands
from poolproof.model.errors import BadInput


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asked for."""

    pool: str
    server: str
    tier: str
    seed: int
    request: BrokerRequest
    results: Path
    shard: Shard = WHOLE

    @property
    def environment(self) -> str:
        """The name of the tox environment for this run."""
        return commands.environment(self.pool, self.server)

    def again(self, select: str) -> str:
        """The command that repeats a part of this run; `select` is an argument for pytest's -k."""
        origin, image = self.request.origin, self.request.image
        broker = f" --broker-from {origin}" if origin not in (None, "url") else ""
        broker += f" --broker-image {quote(image)}" if image else ""
        tier = "" if self.tier == "smoke" else f" --tier {self.tier} --seed {self.seed}"
        return commands.run(self.pool, self.server, f'{broker}{tier} -k "{select}"')

    def check(self, matrix: Matrix) -> None:
        """Refuse an unknown name, naming its option, and a pool whose library is not installed."""
        names: tuple[tuple[str, str, str | None, Collection[str]], ...] = (
            ("--pool", "pool", self.pool, matrix.pools),
            ("--server", "server", self.server, KINDS),
            ("--tier", "tier", self.tier, matrix.tiers),
            ("--broker-from", "origin", self.request.origin, get_args(Origin)),
        )
        for option, what, name, known in names:
            if name is not None and name not in known:
                raise BadInput(f"{option}: {unknown(what, name, known)}")
        require_library(self.pool, self.environment)


def require_library(pool: str, environment: str) -> None:
    """Refuse a pool whose library is not installed, before anything is started."""
    if pool in ("eventlet", "gevent"):
        try:
            metadata.version(pool)
        except metadata.PackageNotFoundError:
            mend = commands.obtain(pool, environment)
            raise BadInput(f"--pool: the library {pool} is not installed here; run {mend}") from None
