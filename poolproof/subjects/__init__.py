"""One folder a subject: what is done to a worker, what was seen, and how it is judged."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from poolproof.model.judgement import CHECKS, Judgement


def named(name: str) -> Callable[..., Judgement] | None:
    """The check of that name; rules of the catalogue name the check of the sentence that is true instead."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if ".checks" in module.name:
            importlib.import_module(module.name)
    return CHECKS.get(name)
