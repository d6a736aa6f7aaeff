"""Shards of a run: each is complete, and together they decide each cell of the run once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.attempts import Attempt, attempt
from tests.house import ROOMS, build

WHEEL = ("--pool", "solo", "--broker-from", "wheel")
OF = 2
CELLS = 3 + 1 + len(ROOMS)
"""Three cells of solo with a worker, one that is left out, and those that need none."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("house"), claims=("answers", "stands"))


@pytest.fixture(scope="module")
def shards(house: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Attempt]:
    """All shards of a run, made at once."""
    made = [
        attempt(house, tmp_path_factory.mktemp("shard"), *WHEEL, "--shard", f"{n}/{OF}")
        for n in range(1, OF + 1)
    ]
    for each in made:
        each.end()
    return made


@pytest.mark.parametrize("n", range(1, OF + 1))
def test_a_shard_is_a_whole_run_of_its_part(shards: list[Attempt], n: int) -> None:
    made = shards[n - 1]
    assert made.process.returncode == 0, made.output
    (header,), (footer,) = made.lines("header"), made.lines("footer")
    assert header["shard"] == f"{n}/{OF}"
    assert header["run"].endswith(f"-solo-redis-{n}of{OF}")
    assert header["partial"] is False
    assert header["seed"] == 0
    assert header["planned"]["cells"] == footer["cells"] == len(made.lines("cell"))
    assert header["planned"]["claims"] == len(made.lines("claim"))


def test_shards_decide_each_cell_once_and_share_the_work(shards: list[Attempt]) -> None:
    cells = [made.lines("cell") for made in shards]
    found = Counter((line["claim"], line["cell"]) for lines in cells for line in lines)
    assert set(found.values()) == {1}
    assert len(found) == CELLS
    decided = [sum(line["verdict"] != "n/a" for line in lines) for lines in cells]
    assert max(decided) - min(decided) <= 1


def test_part_of_a_shard_is_partial(house: Path, tmp_path: Path) -> None:
    made = attempt(house, tmp_path / "attempt", *WHEEL, "--shard", "1/2", "-k", "stands")
    assert made.end() == 0, made.output
    (header,) = made.lines("header")
    assert (header["shard"], header["partial"]) == ("1/2", True)


def test_a_long_run_says_beforehand_what_it_will_cost(house: Path, tmp_path: Path) -> None:
    made = attempt(house, tmp_path / "attempt", *WHEEL, "--tier", "nightly", "-k", "stands")
    assert made.end() == 0, made.output
    before, _, _ = made.output.partition("suites/test_house.py")
    said = [line for line in before.splitlines() if line.startswith("nightly: ")]
    assert said == [f"nightly: {len(ROOMS)} cells, {len(ROOMS)} trials at least: about 0 s"]


def test_a_look_says_nothing_of_its_cost(shards: list[Attempt]) -> None:
    assert "trials at least" not in shards[0].output
