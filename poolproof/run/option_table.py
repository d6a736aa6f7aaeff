"""The options of a run and what they mean, for pytest and for the command line.

They are not in options.py, because pytest warns about a plugin that was imported before pytest started.
"""

from __future__ import annotations

from poolproof import RECORDS, ROOT

SETTINGS = ROOT / "pyproject.toml"
OPTIONS = {
    "--pool": "test the claims on workers of this pool: prefork, solo, threads, eventlet or gevent",
    "--server": "the kind of broker: redis, redis62 or valkey",
    "--broker-url": "use this broker: redis://[:password@]host:port/database",
    "--broker-from": "get the broker only in this way: url, docker, path or wheel",
    "--broker-image": "the container image of the broker",
    "--tier": "how many trials a cell gets: smoke or nightly, as matrix.toml says",
    "--seed": "draw the same sample as the run that printed this seed",
    "--shard": "run one part of several: 2/5 is the second of five; without --seed, shards share the seed 0",
    "--results": "the folder of the records",
}
DEFAULTS = {"--server": "redis", "--tier": "smoke", "--results": str(RECORDS)}
