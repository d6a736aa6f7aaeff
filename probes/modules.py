"""Imports every module of a package, so that a new subject needs only a file and no line elsewhere."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def import_all(package: ModuleType) -> None:
    """Import each module in the package's folder, in the order of their names."""
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
