"""A claim that something may happen holds if it is seen once, else it is *not seen*, also on the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.catalogue.claims import HOLDS, Claim, Expected
from poolproof.model.cells import Cell
from poolproof.model.verdict import TrialOutcome
from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.render.terminal import lines
from poolproof.report.say import claims_table, corrections, deviations
from poolproof.report.say.summary import summary
from tests.markdown import rows, shown
from tests.records import DOCUMENTS, Draft, claim

MAY = claim("crashes.may-hang", "A child may hang.", ["prefork"], "sometimes")
RARE = Expected("not seen", because="Only some builds do.")


class Seen(Draft):
    """A run of one claim that says "may", in one cell."""

    expected: Expected = HOLDS
    outcome: TrialOutcome = "violated"

    def cells(self, of: Claim) -> list[tuple[Cell, Expected, TrialOutcome]]:
        return [(Cell(self.pool, 2, 4), self.expected, self.outcome)]


def of(folder: Path, expected: Expected, outcome: TrialOutcome) -> Joined:
    draft = Seen(claims=[MAY], documents=DOCUMENTS)
    draft.expected, draft.outcome = expected, outcome
    return join([read(draft.write(folder))])


def test_what_is_known_not_to_be_seen_is_no_deviation_and_does_not_hold(tmp_path: Path) -> None:
    joined = of(tmp_path, RARE, "violated")
    text = shown(claims_table.section(joined))
    assert rows(text)["may-hang"] == ["○", "○"]
    assert "- `may-hang` was not seen\n" in text
    assert shown(deviations.section(joined)) == ""
    page = shown(corrections.page(joined, "000"))
    assert "Of 1 claims 0 hold, 0 are to be corrected, 1 may happen and were not seen." in " ".join(
        page.split()
    )
    item = "- ○ `crashes.may-hang`: A child may hang. Only some builds do."
    assert f"## What may happen, and was not seen\n\n{item}" in page
    assert "(a rate of 95% or more is excluded)" in " ".join(page.split())


@pytest.mark.parametrize(
    ("expected", "outcome", "told", "line"),
    [
        (HOLDS, "violated", "It was expected to be seen and was not", "expected to be seen, was not: each"),
        (
            RARE,
            "satisfied",
            "The catalogue says: Only some builds do.",
            "not expected to be seen, was; the catalogue says",
        ),
    ],
)
def test_what_came_otherwise_is_told(
    expected: Expected, outcome: TrialOutcome, told: str, line: str, tmp_path: Path
) -> None:
    joined = of(tmp_path, expected, outcome)
    assert told in shown(deviations.section(joined))
    assert line in "\n".join(lines(summary(joined.runs[0]), "folder"))
