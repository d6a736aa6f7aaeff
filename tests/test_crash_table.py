"""The table of what a crash costs: each cell follows from the verdicts on its claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.catalogue.claims import HOLDS, Claim, Expected
from poolproof.catalogue.load import load_catalogue
from poolproof.catalogue.matrix import load_matrix
from poolproof.model.cells import Cell
from poolproof.model.verdict import TrialOutcome
from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.say import claims_table, crash_table
from tests.house import ROOT
from tests.markdown import rows, shown
from tests.records import ALL, Draft, claim

CONTAINED = claim(crash_table.CONTAINED, "A crash is contained.", ["prefork"])
ENDS_CHILD = claim(crash_table.ENDS_CHILD, "A crash costs a child.", ["prefork"])
MAY_END = claim(crash_table.MAY_END_WORKER, "A crash may stop the worker.", ALL[1:], "sometimes")
ENDS_WORKER = claim(crash_table.ENDS_WORKER, "A crash stops the worker.", ALL[1:])
KNOWN = Expected("refuted", because="why", instead="so", since="ever", see="here")
OUTCOMES: dict[tuple[str, str], dict[str, TrialOutcome]] = {
    (CONTAINED.id, "prefork"): {"memoryerror": "violated", "exit": "satisfied", "kill": "satisfied"},
    (ENDS_CHILD.id, "prefork"): {
        "raise": "violated",
        "exit": "satisfied",
        "kill": "void",
        "odd": "satisfied",
    },
    (MAY_END.id, "solo"): {"raise": "violated", "exit": "satisfied"},
    (MAY_END.id, "threads"): {"raise": "violated", "exit": "satisfied"},
    (ENDS_WORKER.id, "solo"): {"memoryerror": "satisfied", "exit": "satisfied"},
    (ENDS_WORKER.id, "threads"): {"memoryerror": "violated", "exit": "satisfied"},
}


def _known(of: Claim, outcome: TrialOutcome) -> Expected:
    if outcome != "violated":
        return HOLDS
    return Expected("not seen", because="why") if of is MAY_END else KNOWN


class Crashes(Draft):
    """A run of the claims about crashes."""

    def cells(self, of: Claim) -> list[tuple[Cell, Expected, TrialOutcome]]:
        outcomes = OUTCOMES.get((of.id, self.pool), {})
        return [
            (Cell(self.pool, 2, 4, (("crash", way),)), _known(of, outcome), outcome)
            for way, outcome in outcomes.items()
        ]


@pytest.fixture
def three(tmp_path: Path) -> Joined:
    claims = [CONTAINED, ENDS_CHILD, MAY_END, ENDS_WORKER]
    return join(
        [read(Crashes(pool, claims=claims).write(tmp_path)) for pool in ("prefork", "solo", "threads")]
    )


def test_each_way_to_crash_has_its_cost_in_each_pool(three: Joined) -> None:
    table = rows(shown(crash_table.section(three)))
    assert table["exception"] == ["the task", "the task", "the task"]
    assert table["MemoryError"] == ["the worker", "the worker", "the task"]
    assert table["os._exit()"] == ["the child", "the worker", "the worker"]
    assert table["SIGKILL or OOM killer"] == ["?", "·", "·"]
    assert table["odd"] == ["the child", "·", "·"]
    assert "SIGSEGV" not in table, "it was not run"


def test_a_claim_that_the_table_shows_refers_to_it_and_has_no_condition(three: Joined) -> None:
    text = shown(claims_table.section(three))
    assert "- `child-crash-is-contained` depends on the [way to crash](#what-a-crash-costs)\n" in text
    assert "only if crash" not in text


def test_the_words_are_those_of_the_catalogue() -> None:
    catalogue = load_catalogue(ROOT / "suites" / "claims", load_matrix(ROOT / "matrix.toml"), {})
    ways = {way for claim in crash_table.COSTS for way in catalogue[claim].variants["crash"]}
    assert ways <= crash_table.WORDS.keys()


def test_without_claims_about_crashes_there_is_no_table(tmp_path: Path) -> None:
    assert [*crash_table.section(join([read(Draft("solo").write(tmp_path))]))] == []
