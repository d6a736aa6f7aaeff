"""What of the user's environment reaches a worker, and what our own client of Celery may see of it.

Celery, kombu, billiard, Python, eventlet and gevent all take orders from variables: `CELERY_BROKER_URL` alone
sends every message to another server. So a process under test gets what it needs, by name, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

KEPT = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TZ", "LANG", "LANGUAGE"),
        "LD_LIBRARY_PATH",  # some Pythons do not start without it
        *("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"),  # on some processors NumPy is wrong without them
    }
)
KEPT_PREFIXES = ("LC_",)
ORDERS = ("CELERY_", "C_", "KOMBU_", "EVENTLET_", "GEVENT", "FORKED_BY_", "MP_", "_MP_", "DJANGO_", "REDIS_")
"""How the names begin of what Celery and its libraries read, some of it at any time."""
OTHER_ORDERS = frozenset(
    {
        *("AUTOSCALE_KEEPALIVE", "DISABLE_TRACEBACKS", "NOSETPS", "PICKLE_PROTOCOL", "PURE_PYTHON"),
        *("REMAP_SIGTERM", "TIMER_DEBUG", "USE_FAST_LOCALS", "celery_dummy_proxy"),
    }
)


def kept(environment: Mapping[str, str]) -> dict[str, str]:
    """What a process under test gets of an environment."""
    return {
        name: value for name, value in environment.items() if name in KEPT or name.startswith(KEPT_PREFIXES)
    }


def disobey(environment: MutableMapping[str, str]) -> None:
    """Take out what would give orders to Celery in this very process; call it before Celery is imported."""
    for name in [*environment]:
        if name.startswith(ORDERS) or name in OTHER_ORDERS:
            del environment[name]
