"""What is installed, as it stands in modules and in package metadata: no worker is needed to see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """The names that were asked about, by whether they were found in what is installed.

    `uses` are functions with what they call, as their code says; `lacks` those whose code does not say so.
    """

    found: tuple[str, ...]
    missing: tuple[str, ...]
    uses: tuple[tuple[str, str], ...] = ()
    lacks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """What a module imports from other packages, and what its own package asks to be installed with it.

    `extras` holds the metadata's lines by the name of the extra under which a requirement stands.
    """

    module: str
    imports: frozenset[str]
    required: frozenset[str]
    extras: tuple[tuple[str, str], ...]
