"""A claim is selected by its id in the catalogue, and one cell of it by the line that repeats it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.attempts import Attempt, attempt
from tests.house import build

WHEEL = ("--pool", "solo", "--broker-from", "wheel")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two claims, one of which has a cell whose name begins with the name of another cell."""
    longer = ("'r7'", "'r1_top'")
    return build(tmp_path_factory.mktemp("house"), claims=("answers", "stands"), catalogue=longer)


def decided(made: Attempt) -> list[tuple[str, str]]:
    assert made.end() == 0, made.output
    return [(line["claim"], line["cell"]) for line in made.lines("cell") if line["verdict"] != "n/a"]


def test_a_claim_is_found_by_its_id_and_its_cell(house: Path, tmp_path: Path) -> None:
    made = attempt(house, tmp_path / "made", *WHEEL, "-k", "house.stands and static-r3")
    assert decided(made) == [("house.stands", "static-r3")]


def test_the_command_that_repeats_a_cell_repeats_that_cell_alone(house: Path, tmp_path: Path) -> None:
    made = attempt(house, tmp_path / "made", *WHEEL, "-k", "house.answers and c1 or r1]")
    assert decided(made) == [("house.answers", "solo-c1-p4"), ("house.stands", "static-r1")]
    for line in made.lines("cell"):
        if line["verdict"] != "n/a":
            words = shlex.split(line["repeat"])
            again = attempt(house, tmp_path / line["cell"], *WHEEL, *words[words.index("-k") :])
            assert decided(again) == [(line["claim"], line["cell"])]
