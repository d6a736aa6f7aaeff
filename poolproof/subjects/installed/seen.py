"""What is installed, according to modules and package metadata; no worker is needed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """The names that were looked up: those found in what is installed, and those missing.

    `uses` are functions with the names that their code calls; `lacks` are those whose code does not.
    """

    found: tuple[str, ...]
    missing: tuple[str, ...]
    uses: tuple[tuple[str, str], ...] = ()
    lacks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """The packages that a module imports, and the packages that its own package requires.

    `extras` holds the metadata's lines by the name of the extra under which a requirement stands.
    """

    module: str
    imports: frozenset[str]
    required: frozenset[str]
    extras: tuple[tuple[str, str], ...]
