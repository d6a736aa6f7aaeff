"""What is installed of billiard and multiprocessing, as their modules say."""

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
    """Features of a pool that Celery uses: in which of both libraries each of them is."""

    asked: tuple[str, ...]
    in_billiard: frozenset[str]
    in_multiprocessing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Package:
    """A package: the version that it says, the one that is installed, and what Celery requires always."""

    name: str
    says: str
    installed: str
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of a pool as they are printed, by whether its methods take them."""

    accepted: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """Whether a file is where it is said to be, and which files have what it is said to hold."""

    path: str
    there: bool
    instead: tuple[str, ...]
