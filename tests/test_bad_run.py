"""Mistakes that a user can make before a run: each gets one line, and nothing is started."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from poolproof.host.broker.server import connect
from poolproof.host.turns import usual
from poolproof.run.option_table import OPTIONS
from tests.attempts import PYTEST, Attempt, attempt
from tests.brokers import SECRET, answering, locked
from tests.house import build
from tests.mounts import mounted

USAGE_ERROR = 4
AT_ONCE = 3
WHEEL = ("--pool", "solo", "--broker-from", "wheel")
URL = ("--pool", "solo", "--broker-url")


@dataclass(frozen=True, slots=True)
class Case:
    """The user's options, and the line that they get; a word in braces stands for an address or a folder.

    `spoil` names a text of the house and its mistake, `hidden` a library that is not installed.
    """

    options: tuple[str, ...]
    line: str
    spoil: tuple[str, str, str] | None = None
    hidden: str = ""


CASES = {
    # It takes the longest, so it begins first.
    "silent": Case(
        (*URL, "{silent}"),
        "--broker-url {silent_shown}: takes the connection and is silent for 5 s; "
        "correct host and port, or mend the server",
    ),
    "no-pool": Case((), "suites: which pool? give --pool, or run ./toxw -e prefork-redis"),
    "unknown-pool": Case(("--pool", "sola"), "--pool: unknown pool 'sola'; did you mean 'solo'?"),
    "pool-not-in-the-matrix": Case(
        ("--pool", "threads"), "--pool: unknown pool 'threads'; known: solo, eventlet"
    ),
    "unknown-tier": Case(
        (*WHEEL, "--tier", "nighty"), "--tier: unknown tier 'nighty'; did you mean 'nightly'?"
    ),
    "unknown-server": Case(
        (*WHEEL, "--server", "rediss"), "--server: unknown server 'rediss'; did you mean 'redis'?"
    ),
    "unknown-origin": Case(
        ("--pool", "solo", "--broker-from", "weel"),
        "--broker-from: unknown origin 'weel'; did you mean 'wheel'?",
    ),
    "no-such-shard": Case(
        (*WHEEL, "--shard", "6/5"), "--shard: '6/5' is no shard; write 2/5 for the second of five"
    ),
    "more-shards-than-cells": Case(
        (*WHEEL, "--shard", "99/99"), "--shard 99/99: the run has 12 cells; share it by fewer"
    ),
    **{
        f"empty{name}": Case((*WHEEL, name, ""), f"{name}: is empty; give a value, or leave the option out")
        for name in OPTIONS
    },
    "seed-below-0": Case(
        (*WHEEL, "--seed", "-1"), "--seed: '-1' is no seed; write a whole number from 0 to 999999999"
    ),
    "seed-of-5000-digits": Case(
        (*WHEEL, "--seed", "7" * 5000),
        f"--seed: '{'7' * 56}... is no seed; write a whole number from 0 to 999999999",
    ),
    "library-missing": Case(
        ("--pool", "eventlet", "--broker-from", "wheel"),
        "--pool: the library eventlet is not installed here; run ./toxw -e eventlet-redis",
        hidden="eventlet",
    ),
    "key-of-the-matrix": Case(
        WHEEL,
        "matrix.toml: tiers.smoke: unknown key 'trails'; did you mean 'trials'?",
        spoil=("matrix", "trials = 1", "trails = 1"),
    ),
    "key-of-the-catalogue": Case(
        WHEEL,
        "suites/claims/house.toml: claim house.answers: unknown key 'sais'; did you mean 'says'?",
        spoil=("catalogue", "says", "sais"),
    ),
    "claim-of-a-suite": Case(
        WHEEL,
        "suites/test_house.py: test_answers: suites/claims: unknown claim 'house.answer'; "
        "did you mean 'house.answers'?",
        spoil=("suite", '"house.answers"', '"house.answer"'),
    ),
    "sharing-unsaid": Case(
        WHEEL,
        "suites/test_house.py: test_answers: takes `worker` exactly if its mark says shares=True; "
        "mend one of the two",
        spoil=("suite", ", shares=True", ""),
    ),
    "nothing-selected": Case(
        (*WHEEL, "-k", "cellar"),
        "nothing is selected: see the cells with --collect-only, then mend -k, -m or --shard",
    ),
    "selection-is-no-expression": Case(
        (*WHEEL, "-k", "answers and"),
        "Wrong expression passed to '-k': answers and: at column 12: "
        "expected not OR left parenthesis OR identifier; got end of input",
    ),
    "no-such-suite": Case(
        (*WHEEL, "suites/test_cellar.py"), "file or directory not found: suites/test_cellar.py"
    ),
    "address-missing": Case(
        ("--pool", "solo", "--broker-from", "url"), "--broker-from url: no URL is given; add --broker-url"
    ),
    "nobody-answers": Case(
        (*URL, "redis://:{secret}@127.0.0.1:1/0"),
        "--broker-url redis://:***@127.0.0.1:1/0: does not answer (Connection refused); "
        "start the server, or correct host and port",
    ),
    "password-wanted": Case(
        (*URL, "redis://{place}/0"),
        "--broker-url redis://{place}/0: wants a password; write redis://:PASSWORD@host:port/number",
    ),
    "password-wrong": Case(
        (*URL, "redis://:{secret}x@{place}/0"),
        "--broker-url redis://:***@{place}/0: refuses the password; correct it",
    ),
    "no-redis": Case(
        (*URL, "{nonsense}"),
        "--broker-url {nonsense_shown}: something answers there that is no Redis; correct host and port",
    ),
    "database-not-empty": Case(
        (*URL, "redis://:{secret}@{place}/3"),
        "--broker-url redis://:***@{place}/3: database 3 is not empty, it holds 1 keys; "
        "name an empty one, for nothing of yours is ever flushed",
    ),
    "tls": Case(
        (*URL, "rediss://:{secret}@{place}/0"),
        "--broker-url rediss://:***@{place}/0: rediss:// is not supported; give a redis:// address",
    ),
}


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The values of the words in braces."""
    folder = tmp_path_factory.mktemp("words")
    with ExitStack() as stack:
        url, _ = stack.enter_context(locked(folder))
        with connect(url.removesuffix("0") + "3") as client:
            client.set("theirs", 1)
        found = {
            "secret": SECRET,
            "place": url.rpartition("@")[2].removesuffix("/0"),
            "nonsense": stack.enter_context(answering(reply=b"HTTP/1.1 400 Bad Request\r\n\r\n")),
            "silent": stack.enter_context(answering(reply=None)),
        }
        for name in ("nonsense", "silent"):
            found[f"{name}_shown"] = found[name].replace(SECRET, "***")
        yield found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def attempts(
    house: Path, words: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Attempt]]]:
    """All attempts, a few at once, because each of them mostly starts Python."""

    def attempted(name: str) -> Attempt:
        case, folder = CASES[name], tmp_path_factory.mktemp(name)
        spoilt = build(folder / "house", **{case.spoil[0]: case.spoil[1:]}) if case.spoil else house
        options = [option.format(**words) for option in case.options]
        made = attempt(spoilt, folder / "attempt", *options, hidden=case.hidden)
        made.end()
        return made

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(attempted, name) for name in CASES}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_gets_one_line_and_starts_nothing(
    name: str, attempts: dict[str, Future[Attempt]], words: dict[str, str]
) -> None:
    made = attempts[name].result()
    assert made.errors == [f"ERROR: {CASES[name].line.format(**words)}"]
    assert "Traceback" not in made.output
    assert SECRET not in made.output
    assert made.process.returncode == USAGE_ERROR
    assert made.workers_started == []
    assert made.record is None
    assert made.left() == []
    assert list((made.folder / "tmp").iterdir()) == []


def test_a_suite_that_cannot_be_read_starts_nothing(tmp_path: Path) -> None:
    house = build(tmp_path / "house", suite=("import pytest", "import cellar"))
    made = attempt(house, tmp_path / "attempt", *WHEEL)
    assert made.end() == pytest.ExitCode.INTERRUPTED
    assert "No module named 'cellar'" in made.output
    assert not any("poolproof.host.supervisor" in line for line in made.started)
    assert made.record is None


def test_the_folder_of_the_results_decides_nothing(house: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (foreign / "conftest.py").write_text("raise RuntimeError('executed')\n")
    before = (*WHEEL, "--collect-only", "--results", str(foreign))
    made = attempt(house, tmp_path / "attempt", command=(*PYTEST[:-3], *before, *PYTEST[-3:]))
    assert made.end() == 0, made.output


def test_a_folder_of_locks_that_cannot_be_used(house: Path, tmp_path: Path) -> None:
    taken = tmp_path / "attempt" / "tmp" / usual().name
    taken.parent.mkdir(parents=True)
    taken.touch()
    made = attempt(house, tmp_path / "attempt", *WHEEL, "-k", "stands")
    assert made.end() == USAGE_ERROR
    (line,) = made.errors
    assert line.startswith(f"ERROR: {taken}: is no folder, and runs lock files there; ")
    assert made.record is None
    assert made.workers_started == []


def test_settings_that_are_not_ours_are_refused(house: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "pytest.ini"
    foreign.write_text("[pytest]\n")
    made = attempt(house, tmp_path / "attempt", *WHEEL, "-c", str(foreign))
    assert made.end() == USAGE_ERROR
    assert made.errors == [
        f"ERROR: {foreign}: pytest took its settings from there; add -c {house}/pyproject.toml"
    ]


@pytest.mark.parametrize(("select", "count"), [("house", "8"), ("r1", "1/8")])
def test_claims_without_a_cell_are_not_counted(house: Path, tmp_path: Path, select: str, count: str) -> None:
    made = attempt(house, tmp_path / "attempt", "--pool", "eventlet", "--collect-only", "-k", select)
    assert made.end() == 0
    assert f" {count} tests collected" in made.output


@pytest.mark.parametrize(
    ("options", "why"),
    [("ro", "Read-only file system"), ("size=4k,nr_inodes=1", "No space left on device")],
    ids=["read-only", "full"],
)
def test_results_that_cannot_be_kept(house: Path, tmp_path: Path, options: str, why: str) -> None:
    with mounted(tmp_path / "disk", options) as disk:
        refused(house, tmp_path, results=disk, why=why)


def test_results_below_a_file(house: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(house, tmp_path, results=tmp_path / "file" / "results", why="Not a directory")


def refused(house: Path, folder: Path, results: Path, why: str) -> None:
    made = attempt(house, folder / "attempt", *WHEEL, "-k", "stands", results=results)
    assert made.end() == USAGE_ERROR
    (line,) = made.errors
    assert line.startswith(f"ERROR: {results}/")
    assert line.endswith(f"record.jsonl: cannot be created: {why}; give another folder with --results")
    assert "Traceback" not in made.output
    assert made.workers_started == []
    assert made.left() == []
