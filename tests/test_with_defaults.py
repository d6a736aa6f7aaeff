"""A claim that holds with Celery's defaults is marked so, however many settings refute it."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.catalogue.claims import HOLDS, Claim, Expected
from poolproof.catalogue.load import load_catalogue
from poolproof.catalogue.matrix import load_matrix
from poolproof.model.cells import AXES, Cell
from poolproof.model.variants import SETTINGS
from poolproof.model.verdict import CellVerdict, TrialOutcome, claim_verdict
from poolproof.report.read.join import join
from poolproof.report.read.reader import read
from poolproof.report.say import claims_table, corrections
from poolproof.report.say.overview import overview
from tests.house import ROOT
from tests.markdown import rows, shown
from tests.records import DOCUMENTS, STARVES, TWO, Draft

NO_SETTING = {"ahead", "env", "tasks"}
"""Variants that a command line or an application sets, and that have no default in Celery."""


def cell(pool: str = "prefork", prefetch: int = 4, **chosen: str) -> Cell:
    return Cell(pool, 2, prefetch, tuple(chosen.items()))


@pytest.mark.parametrize(
    ("holds", "refuted", "with_defaults"),
    [
        pytest.param([cell(start="fork")], [cell(start="spawn")], True, id="a-setting"),
        pytest.param([cell(start="spawn")], [cell(start="fork")], False, id="not-with-its-default"),
        pytest.param([cell()], [cell(prefetch=1)], True, id="prefetch"),
        pytest.param([cell(crash="exit")], [cell(crash="memoryerror")], False, id="no-setting"),
        pytest.param([cell()], [cell("solo")], False, id="another-pool"),
        pytest.param(
            [cell(start="fork", crash="exit")],
            [cell(start="spawn", crash="exit"), cell(start="fork", crash="kill")],
            False,
            id="a-setting-and-more",
        ),
    ],
)
def test_with_defaults(holds: list[Cell], refuted: list[Cell], with_defaults: bool) -> None:
    verdicts: dict[Cell, CellVerdict] = dict.fromkeys(holds, "holds")
    verdicts.update(dict.fromkeys(refuted, "refuted"))
    assert claim_verdict(verdicts).with_defaults is with_defaults


def test_what_could_not_be_decided_with_defaults_does_not_hold_with_them() -> None:
    verdicts: dict[Cell, CellVerdict] = {
        cell(start="fork"): "holds",
        cell("solo", start="fork"): "inconclusive",
        cell(start="spawn"): "refuted",
    }
    assert not claim_verdict(verdicts).with_defaults


def test_each_setting_that_cells_vary_has_its_default_among_the_values() -> None:
    matrix = load_matrix(ROOT / "matrix.toml")
    catalogue = load_catalogue(ROOT / "suites" / "claims", matrix, {})
    assert {name for name, setting in SETTINGS.items() if setting.default is None} == NO_SETTING
    for pool in matrix.pools:
        for name, axis in AXES.items():
            assert axis.default in (None, matrix.default(name, pool))
    for claim in catalogue.values():
        for name, values in claim.variants.items():
            known = SETTINGS.get(name)
            assert known is None or {known.default or values[0], *known.values} <= {*values}


class Started(Draft):
    """A run of one claim that the start method spawn refutes."""

    def cells(self, of: Claim) -> list[tuple[Cell, Expected, TrialOutcome]]:
        return [(cell(start="fork"), HOLDS, "satisfied"), (cell(start="spawn"), STARVES, "violated")]


def test_the_pages_say_so_first(tmp_path: Path) -> None:
    joined = join([read(Started(claims=[TWO], documents=DOCUMENTS).write(tmp_path))])
    text = shown(claims_table.section(joined))
    assert rows(text)["two-processes-at-c1"][-1] == "✓ with defaults"
    assert "- `two-processes-at-c1` ✓ with defaults: holds only if start = fork\n" in text
    assert rows(shown([overview(joined)]))["subject"] == ["claims", "✓* with defaults"]
    told = "✓* This holds only if start = fork. It holds with Celery's defaults.\n"
    assert told in shown(corrections.page(joined, "000"))
