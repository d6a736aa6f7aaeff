"""Look names up in what is installed, each with a control: a name that exists, and one that does not."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from types import CodeType

from poolproof.lab.lab import Lab
from poolproof.model.errors import Void
from poolproof.subjects.installed.seen import Basis, Names

MADE_UP = "a_name_that_nobody_gave"
EXTRA = re.compile(r"""extra\s*==\s*["']([\w.-]+)["']""")
PACKAGE = re.compile(r"[\w.-]+")


def look_up(lab: Lab, *names: str, known: str, uses: Sequence[tuple[str, str]] = ()) -> Names:
    """Look each name up; names are written as `package.module:Class.method`.

    `uses` are functions, each with a name that its code should call, directly or as a parameter's default.
    The control: `known`, which is in the same module or class, is found, and a made-up name beside it is not.
    An attribute that only instances have is not found.
    """
    module, _, path = known.partition(":")
    beside = f"{module}:{'.'.join((*path.split('.')[:-1], MADE_UP))}"
    lab.witness(known_name_found=int(_exists(known)), made_up_name_missing=int(not _exists(beside)))
    return Names(
        found=tuple(name for name in names if _exists(name)),
        missing=tuple(name for name in names if not _exists(name)),
        uses=tuple(pair for pair in uses if _calls(*pair)),
        lacks=tuple(pair for pair in uses if not _calls(*pair)),
    )


def _calls(function: str, called: str) -> bool:
    """Whether a function's code uses the name that is called, or has it as a default; both must exist."""
    if not _exists(function) or not _exists(called):
        return False
    caller, target = resolve_name(function), resolve_name(called)
    defaults = inspect.signature(caller).parameters.values()
    if any(parameter.default is target for parameter in defaults):
        return True
    return called.rpartition(":")[2].rpartition(".")[2] in _names(caller.__code__)


def _names(code: CodeType) -> set[str]:
    """Every name that a function's code uses, and the functions inside it."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_names, inner))


def _exists(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def read_pool(lab: Lab, pool: str) -> Basis:
    """Read what Celery's module of that pool imports, and what Celery requires; nothing is imported.

    The control: kombu, which every pool imports and Celery requires, is found, and a made-up name is not.
    """
    module = f"celery.concurrency.{pool}"
    imports, lines = _imports(module), metadata.requires("celery") or []
    extras = tuple((extra.group(1), line) for line in lines if (extra := EXTRA.search(line)))
    required = frozenset(_package(line) for line in lines if not EXTRA.search(line))
    lab.witness(
        known_import_found=int("kombu" in imports),
        known_requirement_found=int("kombu" in required),
        made_up_name_missing=int(MADE_UP not in imports | required),
    )
    return Basis(module, imports, required, extras)


def _imports(module: str) -> frozenset[str]:
    """The packages that a module names in its import statements, wherever they stand in it."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise Void(f"there is no module {module}")
    names: set[str] = set()
    for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return frozenset(name.partition(".")[0] for name in names)


def _package(line: str) -> str:
    name = PACKAGE.match(line)
    return name.group().lower() if name else ""
