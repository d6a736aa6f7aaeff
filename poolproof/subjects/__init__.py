from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from probes.judgement import CHECKS, Judgement


def named(name: str) -> Callable[..., Judgement] | None:
    """The check of that name; a rule of the catalogue names the one that shows what is true instead."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    return CHECKS.get(name)
