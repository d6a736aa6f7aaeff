"""What billiard and multiprocessing have, according to their installed modules."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Api:
    """The public names of one part of multiprocessing, and which of them billiard has in the same place."""

    part: str
    names: frozenset[str]
    missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a pool that Celery uses, and which of the two libraries has each."""

    asked: tuple[str, ...]
    in_billiard: frozenset[str]
    in_multiprocessing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Package:
    """A package: the version that it reports, the installed version, and what Celery always requires."""

    name: str
    says: str
    installed: str
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of a pool as documents print them, and whether its methods accept them."""

    accepted: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """Whether a file is at the path that is given, and which files contain what it should contain."""

    path: str
    there: bool
    instead: tuple[str, ...]
