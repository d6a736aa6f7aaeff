"""Which variables of the user's environment a worker gets, and which ones our own Celery client may see.

Variables change how Celery, kombu, billiard, Python, eventlet and gevent behave: `CELERY_BROKER_URL` alone
sends every message to another server. So a process under test gets only the variables that it needs, by name.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

KEPT = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TZ", "LANG", "LANGUAGE"),
        "LD_LIBRARY_PATH",  # some Pythons do not start without it
        *("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"),  # on some processors NumPy computes wrongly without them
    }
)
KEPT_PREFIXES = ("LC_",)
ORDERS = ("CELERY_", "C_", "KOMBU_", "EVENTLET_", "GEVENT", "FORKED_BY_", "MP_", "_MP_", "DJANGO_", "REDIS_")
"""Prefixes of the variables that Celery and its libraries read, some of them at any time."""
OTHER_ORDERS = frozenset(
    {
        *("AUTOSCALE_KEEPALIVE", "DISABLE_TRACEBACKS", "NOSETPS", "PICKLE_PROTOCOL", "PURE_PYTHON"),
        *("REMAP_SIGTERM", "TIMER_DEBUG", "USE_FAST_LOCALS", "celery_dummy_proxy"),
    }
)


def kept(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of an environment that a process under test gets."""
    return {
        name: value for name, value in environment.items() if name in KEPT or name.startswith(KEPT_PREFIXES)
    }


def disobey(environment: MutableMapping[str, str]) -> None:
    """Remove the variables that change Celery in this process; call it before Celery is imported."""
    for name in [*environment]:
        if name.startswith(ORDERS) or name in OTHER_ORDERS:
            del environment[name]
