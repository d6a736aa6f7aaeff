"""The checks of what billiard has, on good and bad observations."""

from __future__ import annotations

from dataclasses import replace

from poolproof.subjects.billiard.checks import (
    adds_features,
    calls_work,
    comes_along,
    is_elsewhere,
    is_there,
    nearly_the_same,
    says_its_version,
    states_as_printed,
    waits_without_a_limit,
)
from poolproof.subjects.billiard.seen import Api, Calls, Features, File, Package

NAMES = frozenset(f"name{n}" for n in range(10))
BILLIARD = Package("billiard", "4.3.2", "4.3.2", frozenset({"billiard", "kombu"}))


def test_names() -> None:
    assert nearly_the_same(Api("pool", NAMES, frozenset()))
    judgement = nearly_the_same(Api("pool", NAMES, frozenset({"name1"})))
    assert judgement
    assert judgement.evidence == "pool: billiard has 9 of multiprocessing's 10 public names, all but name1"
    assert not nearly_the_same(Api("pool", NAMES, frozenset({"name1", "name2", "name3"})))


def test_features() -> None:
    features = Features(("grow", "shrink"), frozenset({"grow", "shrink"}), frozenset())
    assert adds_features(features)
    assert not adds_features(replace(features, in_billiard=frozenset({"grow"})))
    assert not adds_features(replace(features, in_multiprocessing=frozenset({"grow"})))


def test_package() -> None:
    assert comes_along(BILLIARD)
    assert not comes_along(replace(BILLIARD, required=frozenset({"kombu"})))
    assert says_its_version(BILLIARD)
    assert not says_its_version(replace(BILLIARD, installed="4.2.1"))


def test_states() -> None:
    assert states_as_printed({"RUN": 0, "CLOSE": 1, "TERMINATE": 2})
    assert not states_as_printed({"RUN": "RUN", "CLOSE": "CLOSE", "TERMINATE": "TERMINATE"})


def test_calls() -> None:
    actual = Calls(("close()", "terminate()"), ("join(timeout=30)", "is_alive()"))
    assert not calls_work(actual)
    assert waits_without_a_limit(actual)
    wished = Calls(("close()", "join(timeout=30)", "is_alive()", "terminate()"), ())
    assert calls_work(wished)
    assert not waits_without_a_limit(wished)


def test_files() -> None:
    assert is_there(File("a/b.py", True, ()))
    assert not is_there(File("a/b.py", False, ()))
    assert is_elsewhere(File("a/b.py", False, ("a/b/b.py",)))
    assert not is_elsewhere(File("a/b.py", False, ()))
    assert not is_elsewhere(File("a/b.py", True, ("a/b/b.py",)))
