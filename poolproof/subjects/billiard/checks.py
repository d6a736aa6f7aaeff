"""Judges what billiard has and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.billiard.seen import Api, Calls, Features, File, Package

NEARLY_ALL = 0.8
"""The part of the names that must exist to call two interfaces basically the same."""


@check
def nearly_the_same(api: Api) -> Judgement:
    """True when billiard has NEARLY_ALL of the names; the margin is of that."""
    share = 1 - len(api.missing) / len(api.names)
    text = (
        f"{api.part}: billiard has {len(api.names) - len(api.missing)} of multiprocessing's {len(api.names)} "
        f"public names{', all but ' + ', '.join(sorted(api.missing)) if api.missing else ''}"
    )
    facts = {"names": len(api.names), "missing_names": len(api.missing)}
    return Judgement(share >= NEARLY_ALL, text, share / NEARLY_ALL, facts)


@check
def adds_features(features: Features) -> Judgement:
    """True when billiard's pool has each feature, and multiprocessing's pool has none of them."""
    asked = set(features.asked)
    right = bool(asked) and features.in_billiard >= asked and not features.in_multiprocessing
    return Judgement(
        right,
        f"of {', '.join(features.asked)} billiard's pool has {len(features.in_billiard)}, "
        f"multiprocessing's {len(features.in_multiprocessing)}",
    )


@check
def comes_along(package: Package) -> Judgement:
    """True when Celery always requires the package, and not only with an extra."""
    so = package.name in package.required
    return Judgement(so, f"Celery {'requires' if so else 'does not require'} {package.name}")


@check
def says_its_version(package: Package) -> Judgement:
    """True when the package reports the version that is installed."""
    text = f"{package.name}.__version__ is {package.says}, and {package.installed} is installed"
    return Judgement(package.says == package.installed, text)


@check
def states_as_printed(states: Mapping[str, object]) -> Judgement:
    """True when the states are 0, 1 and 2."""
    text = ", ".join(f"{name} is {value}" for name, value in states.items())
    return Judgement(list(states.values()) == [0, 1, 2], text)


@check
def calls_work(calls: Calls) -> Judgement:
    """True when the pool accepts every call."""
    return Judgement(bool(calls.accepted) and not calls.refused, _calls_told(calls))


@check
def waits_without_a_limit(calls: Calls) -> Judgement:
    """True when the pool accepts the calls to close and terminate it, but no time limit and no query."""
    right = calls.accepted == ("close()", "terminate()")
    return Judgement(right, _calls_told(calls))


@check
def is_there(file: File) -> Judgement:
    """True when the file is at the path that the document gives."""
    return Judgement(file.there, _file_told(file))


@check
def is_elsewhere(file: File) -> Judgement:
    """True when there is no such file, and other files contain what it should contain."""
    return Judgement(not file.there and bool(file.instead), _file_told(file))


def _calls_told(calls: Calls) -> str:
    accepted, refused = (" and ".join(each) or "nothing" for each in (calls.accepted, calls.refused))
    return f"billiard's pool takes {accepted}; it does not take {refused}"


def _file_told(file: File) -> str:
    found = f"; there is {', '.join(file.instead)}" if file.instead else ""
    return f"there is {'a' if file.there else 'no'} file {file.path}{found}"
