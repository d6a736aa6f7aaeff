"""Measures a passed trial beside a passed test of pytest-celery: `./toxw -e side-by-side`.

Needs a Docker daemon, and on first use the package index. Each does the same: a prefork worker with one child
becomes ready on a Redis of its own in a container, answers one task, and everything is removed. Each run
is a pytest process of its own; the two take turns, and the first round is not counted, so that both find
images, files and byte code in the machine's caches. Two times are taken of each: the whole process, and the
one test in it, which is the cost of each further test. pytest-celery has its best case: an image that is
built already, and one Redis for messages and results instead of two.

The worker's image, `poolproof/side-by-side`, stays for the next time. Its base is the official image of this
Python; where no registry answers, `tools/build_images python:3.11-slim` makes one out of Debian packages.
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

import docker
from docker.errors import DockerException, ImageNotFound

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BASE = f"python:{sys.version_info.major}.{sys.version_info.minor}-slim"
REDIS = "redis:8"
WORKER = "poolproof/side-by-side"

PYTEST = (sys.executable, "-m", "pytest", "-q")
OURS = (
    *PYTEST, "suites", "--pool=prefork", "--broker-from=docker", f"--broker-image={REDIS}",
    "-k", "test_prefork_is_a_manager_and_n_children and prefork-c1-p4-fork",
    "-p", "no:celery", "-p", "no:docker_tools",
)  # fmt: skip
# Nothing of this repository is loaded: no conftest.py, no settings, no plugin that it uses.
THEIRS = (
    *PYTEST, str(HERE / "theirs"), f"--confcutdir={HERE}", f"--config-file={os.devnull}",
    "-p", "no:benchmark", "-p", "no:cacheprovider",
)  # fmt: skip
INCLUDES = """
The whole process, both: pytest, a Redis container, a worker until it is ready, one task, the end of all.
  Poolproof as well: a supervisor, a ping, the worker's processes before, during and after the task, a record.
  pytest-celery as well: a network, a volume, a container for the worker, the task's result.
The test in it, which each further one costs: a new worker each time. Poolproof's Redis serves all trials of
a run, each in a database of its own, and is there before the first; pytest-celery starts one for each test.
"""


class Unmeasured(Exception):
    """A command failed, so there is nothing to measure; the text is the command and its output."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took, in seconds: the process, and the test in it with its setup and teardown."""

    process: float
    test: float


def main() -> int:
    """Print the table; 0, or 2 with one line when the comparison cannot be made."""
    parser = argparse.ArgumentParser(prog="side-by-side", description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=10, help="counted runs of each (default 10)")
    parser.add_argument("--short", action="store_true", help="one run of each: it works, and says nothing")
    arguments = parser.parse_args()
    runs = 1 if arguments.short else arguments.runs
    try:
        with tempfile.TemporaryDirectory(prefix="poolproof-") as folder:
            prepare(Path(folder) / "image")
            costs = measure(runs, Path(folder))
    except (DockerException, Unmeasured) as error:
        print(f"side-by-side: {error}", file=sys.stderr)
        return 2
    print(table(costs))
    return 0


def prepare(context: Path) -> None:
    """Get all three images, so that no run pulls or builds one."""
    with closing(docker.from_env()) as client:
        for image in (REDIS, BASE):
            have(client, image)
        wheels(context / "wheels")
        shutil.copy(HERE / "Dockerfile", context)
        client.images.build(path=str(context), tag=WORKER, buildargs={"BASE": BASE}, rm=True)


def have(client: docker.DockerClient, image: str) -> None:
    """Pull an image that is not here; Unmeasured, with another way to get it, if that fails."""
    try:
        client.images.get(image)
    except ImageNotFound:
        try:
            client.images.pull(image)
        except DockerException as error:
            raise Unmeasured(f"{image} cannot be pulled: {error}; try tools/build_images {image}") from None


def wheels(folder: Path) -> None:
    """Download what the worker in the container needs: the versions that run here.

    They come from this machine, because the build of an image does not know its package index.
    """
    alike = [f"{name}=={version(name.partition('[')[0])}" for name in ("celery[redis]", "pytest-celery")]
    # redis requires it on a Python before 3.11.3, which the image may have.
    wanted = [*alike, "async-timeout"]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    run([*pip, "--only-binary=:all:", f"--dest={folder}", *wanted])


def measure(runs: int, folder: Path) -> Mapping[str, Sequence[Cost]]:
    """Run the two in turn; in each round another one begins, and the first round does not count."""
    sides = {"Poolproof": (*OURS, f"--results={folder / 'results'}"), "pytest-celery": THEIRS}
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for number in range(runs + 1):
        for name in sorted(sides, reverse=bool(number % 2)):
            costs[name].append(cost(sides[name], folder / "junit.xml"))
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {name: taken[1:] for name, taken in costs.items()}


def cost(command: Sequence[str], report: Path) -> Cost:
    """Run one pytest process in which one test passes; Unmeasured at any other outcome."""
    begun = time.perf_counter()
    run([*command, f"--junitxml={report}"])
    process = time.perf_counter() - begun
    root = ElementTree.parse(report).getroot()
    case = root.find("./testsuite[@tests='1'][@skipped='0']/testcase")
    if case is None:
        raise Unmeasured(f"{shlex.join(command)}: did not run one test and pass it")
    return Cost(process, float(case.attrib["time"]))


def run(command: Sequence[str]) -> None:
    """Run to the end; Unmeasured, with the output, when it fails."""
    done = subprocess.run(
        command, cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise Unmeasured(f"{shlex.join(command)}: ended with {done.returncode}\n{done.stdout}")


def table(costs: Mapping[str, Sequence[Cost]]) -> str:
    """Median and extremes of both figures, and the ratio of theirs to ours."""
    ours, theirs = ([*figures(costs[name])] for name in ("Poolproof", "pytest-celery"))
    ratios = [
        f"{statistics.median(there) / statistics.median(here):.2f}"
        for here, there in zip(ours, theirs, strict=True)
    ]
    rows = [
        ("", "whole process", "the test in it"),
        ("Poolproof", *map(spread, ours)),
        (f"pytest-celery {version('pytest-celery')}", *map(spread, theirs)),
        ("theirs / ours", *ratios),
    ]
    return "\n".join(
        (
            f"Seconds: median (least to most) of {len(ours[0])} runs each, in turn. "
            f"Celery {version('celery')}, Python {platform.python_version()}, {os.cpu_count()} cores",
            *(f"{name:22}  {one:24}  {other}".rstrip() for name, one, other in rows),
            INCLUDES.rstrip(),
        )
    )


def figures(costs: Sequence[Cost]) -> Iterator[Sequence[float]]:
    """The times of the processes, then of the tests in them."""
    yield [cost.process for cost in costs]
    yield [cost.test for cost in costs]


def spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


if __name__ == "__main__":
    sys.exit(main())
