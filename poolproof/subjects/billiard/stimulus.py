"""Look into billiard and multiprocessing, each time with a control that is known to exist or not to."""

from __future__ import annotations

import inspect
import multiprocessing
import multiprocessing.pool
import multiprocessing.process
import re
import threading
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from poolproof.lab.lab import Lab
from poolproof.subjects.billiard.seen import Api, Calls, Features, File, Package

PARTS = {
    "package": ("multiprocessing", "billiard"),
    "pool": ("multiprocessing.pool:Pool", "billiard.pool:Pool"),
    "process": ("multiprocessing.process:BaseProcess", "billiard.process:BaseProcess"),
}
"""Each part that both libraries have, and its place."""
ADDED = (
    "__init__(soft_timeout)", "__init__(timeout)", "__init__(max_memory_per_child)",
    "__init__(on_process_exit)", "apply_async(accept_callback)", "apply_async(soft_timeout)",
    "grow", "shrink", "terminate_job",
)  # fmt: skip
"""The features of a pool that Celery's prefork pool uses: time and memory limits, callbacks, resizing."""
PARAMETER = re.compile(r"(\w+)\((\w*)\)")
MADE_UP = "a_name_that_nobody_gave"


def compare_names(lab: Lab, part: str) -> Api:
    """See which public names of this part of multiprocessing billiard has; the control: threading has few."""
    theirs, ours = (resolve_name(place) for place in PARTS[part])
    names = _public(theirs)
    lab.witness(names=len(names), missing_in_threading=len(names - _public(threading)))
    return Api(part, names, names - {name for name in names if hasattr(ours, name)})


def _public(of: Any) -> frozenset[str]:
    return frozenset(getattr(of, "__all__", None) or (name for name in dir(of) if not name.startswith("_")))


def compare_features(lab: Lab) -> Features:
    """See which library's pool has the features that Celery uses; both have apply_async, none a fake one."""
    pools = {"billiard": resolve_name("billiard.pool:Pool"), "multiprocessing": multiprocessing.pool.Pool}
    known = sum(_has(pool, "apply_async(args)") for pool in pools.values())
    made_up = sum(
        not _has(pool, name) for pool in pools.values() for name in (MADE_UP, f"__init__({MADE_UP})")
    )
    lab.witness(known_features_found=known, made_up_features_missing=made_up)
    found = {name: frozenset(each for each in ADDED if _has(pool, each)) for name, pool in pools.items()}
    return Features(ADDED, found["billiard"], found["multiprocessing"])


def _has(pool: Any, feature: str) -> bool:
    """Whether a pool has this method, or this parameter of a method."""
    if not (parameter := PARAMETER.fullmatch(feature)):
        return hasattr(pool, feature)
    return parameter[2] in inspect.signature(getattr(pool, parameter[1])).parameters


def read_package(lab: Lab, name: str) -> Package:
    """Read what a package says of its version, and what Celery requires; kombu, the control, is required."""
    lines = [line for line in metadata.requires("celery") or () if "extra ==" not in line]
    required = frozenset(re.split(r"[^\w.-]", line)[0].lower() for line in lines)
    lab.witness(
        known_requirement_found=int("kombu" in required), made_up_missing=int(MADE_UP not in required)
    )
    return Package(name, str(import_module(name).__version__), metadata.version(name), required)


def read_states(lab: Lab) -> dict[str, object]:
    """The states of a billiard pool as its module has them; a made-up state is not there."""
    module = import_module("billiard.pool")
    lab.witness(made_up_missing=int(not hasattr(module, MADE_UP)))
    return {name: getattr(module, name, None) for name in ("RUN", "CLOSE", "TERMINATE")}


def try_calls(lab: Lab) -> Calls:
    """Compare the printed calls of a graceful shutdown with the methods of billiard's pool."""
    pool = resolve_name("billiard.pool:Pool")
    printed = {"close()": {}, "join(timeout=30)": {"timeout": 30}, "is_alive()": {}, "terminate()": {}}
    accepted = tuple(call for call, options in printed.items() if _takes(pool, call, options))
    lab.witness(known_call_accepted=int(_takes(pool, "join()", {})), calls=len(printed))
    return Calls(accepted, tuple(call for call in printed if call not in accepted))


def _takes(pool: Any, call: str, options: dict[str, int]) -> bool:
    method = getattr(pool, call.partition("(")[0], None)
    if method is None:
        return False
    try:
        inspect.signature(method).bind(None, **options)
    except TypeError:
        return False
    return True


def find_file(lab: Lab, path: str, instead: tuple[str, ...]) -> File:
    """Look for a file of an installed package, and for the files that contain what it should contain."""
    lab.witness(
        known_file_found=int(_there("celery/__init__.py")), made_up=int(not _there(f"celery/{MADE_UP}.py"))
    )
    return File(path, _there(path), tuple(each for each in instead if _there(each)))


def _there(path: str) -> bool:
    spec = find_spec(path.partition("/")[0])
    return bool(spec and spec.origin and (Path(spec.origin).parents[1] / path).is_file())
