"""What billiard has and what it lacks, beside multiprocessing; no worker is needed."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.billiard.checks import (
    adds_features,
    calls_work,
    comes_along,
    is_there,
    nearly_the_same,
    says_its_version,
    states_as_printed,
)
from poolproof.subjects.billiard.stimulus import (
    compare_features,
    compare_names,
    find_file,
    read_package,
    read_states,
    try_calls,
)

FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "worker": ("celery/worker/__init__.py", ()),
    "consumer": ("celery/worker/consumer.py", ("celery/worker/consumer/consumer.py",)),
    "pidbox": ("celery/worker/pidbox.py", ()),
    "request": ("celery/worker/request.py", ()),
    "process": ("celery/worker/process.py", ("celery/concurrency/prefork.py", "billiard/pool.py")),
    "prefork": ("celery/concurrency/prefork.py", ()),
    "pool": ("billiard/pool.py", ()),
}
"""Each file that the documents name, and those that hold what it is said to hold where it is not there."""


@pytest.mark.claim("billiard.comes-with-celery")
def test_comes_with_celery(lab: Lab) -> None:
    """Installing Celery installs billiard."""
    package = read_package(lab, "billiard")
    assert comes_along(package)


@pytest.mark.claim("billiard.says-its-version")
def test_says_its_version(lab: Lab) -> None:
    """billiard.__version__ is the version that is installed."""
    package = read_package(lab, "billiard")
    assert says_its_version(package)


@pytest.mark.claim("billiard.has-nearly-the-same-names")
def test_has_nearly_the_same_names(lab: Lab) -> None:
    """Billiard's interface is basically that of multiprocessing, of which it is a fork: it has four of five
    of its public names, or more.
    """
    api = compare_names(lab, lab.variant("part"))
    assert nearly_the_same(api)


@pytest.mark.claim("billiard.adds-what-celery-needs")
def test_adds_what_celery_needs(lab: Lab) -> None:
    """Billiard's pool has features that Celery needs, and that multiprocessing's lacks: time limits, a memory
    limit, and a size that changes.
    """
    features = compare_features(lab)
    assert adds_features(features)


@pytest.mark.claim("billiard.pool-has-three-states")
def test_pool_has_three_states(lab: Lab) -> None:
    """A billiard pool has the states RUN, CLOSE and TERMINATE, which are 0, 1 and 2."""
    states = read_states(lab)
    assert states_as_printed(states)


@pytest.mark.claim("billiard.printed-shutdown-works")
def test_printed_shutdown_works(lab: Lab) -> None:
    """A pool can be closed, joined for 30 seconds, asked whether it is alive, and terminated if it is."""
    calls = try_calls(lab)
    assert calls_work(calls)


@pytest.mark.claim("billiard.files-are-where-they-are-said-to-be")
def test_files_are_where_they_are_said_to_be(lab: Lab) -> None:
    """The files of Celery and billiard that the documents name are there."""
    path, instead = FILES[lab.variant("file")]
    file = find_file(lab, path, instead)
    assert is_there(file)
