"""The versions of everything whose behaviour is judged."""

from __future__ import annotations

import platform
from importlib import metadata

DISTRIBUTIONS = {
    "celery": "celery", "kombu": "kombu", "billiard": "billiard", "redis_py": "redis",
    "eventlet": "eventlet", "gevent": "gevent", "greenlet": "greenlet", "numpy": "numpy",
}  # fmt: skip
"""The versions in a record: the name there, and the name of the distribution."""
LOADED = {"celery": "celery", "kombu": "kombu", "billiard": "billiard", "redis_py": "redis"}
"""The modules that every worker loads and that contain their version, by their name in the record."""


def versions() -> dict[str, str]:
    """The versions that are installed here."""
    found = {"python": platform.python_version()}
    for name, distribution in DISTRIBUTIONS.items():
        try:
            found[name] = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    return found
