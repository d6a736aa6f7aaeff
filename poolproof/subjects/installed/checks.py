"""Judges what is installed: whether names exist, and which library a pool imports."""

from __future__ import annotations

from collections.abc import Mapping

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.installed.seen import Basis, Names


@check
def names_exist(names: Names) -> Judgement:
    """True when every name that was looked up exists."""
    parts = [f"there is {name}" for name in names.found] + [f"there is no {name}" for name in names.missing]
    return Judgement(
        bool(names.found) and not names.missing,
        "; ".join(parts) or "nothing was looked up",
        facts=_facts(names),
    )


@check
def done_by_others(names: Names) -> Judgement:
    """True when no name exists, and each function that is named instead calls what it should."""
    parts = [f"{function} calls {called}" for function, called in names.uses]
    parts += [f"{function} does not call {called}" for function, called in names.lacks]
    right = bool(names.missing and names.uses) and not names.found and not names.lacks
    return Judgement(right, "; ".join(parts) or "nothing was looked for instead", facts=_facts(names))


def _facts(names: Names) -> Mapping[str, int]:
    return {"found_names": len(names.found), "missing_names": len(names.missing)}


@check
def built_on_its_library(basis: Basis, library: str) -> Judgement:
    """True when the module imports the library, and its package requires that only under an extra."""
    imported, required = library in basis.imports, library in basis.required
    lines = [line for extra, line in basis.extras if extra == library and line.startswith(library)]
    return Judgement(
        imported and not required and bool(lines),
        f"{basis.module} {'imports' if imported else 'does not import'} {library}, which Celery "
        f"{'always requires' if required else 'does not require'}; "
        f"under an extra it has {lines[0] if lines else 'nothing of that name'!r}",
    )
