"""The page of corrections: the document's sentence, the true one, why, where, evidence, repetition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from poolproof.catalogue.claims import HOLDS, Claim, Expected, Source
from poolproof.model.cells import Cell
from poolproof.model.verdict import TrialOutcome
from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.say import corrections
from tests.markdown import shown
from tests.records import ALL, CLAIMS, DOCUMENTS, EARLIER, ONCE, STARVES, TWO, Draft

IN_BOTH = replace(
    EARLIER, sources=(*EARLIER.sources, Source("000", "2. Delivery"), Source("003", "2. Speed"))
)


class Told(Draft):
    """A run whose cells were expected to hold, and none of them holds."""

    outcome: TrialOutcome = "violated"

    def cells(self, of: Claim) -> list[tuple[Cell, Expected, TrialOutcome]]:
        return [(Cell(self.pool, 1, prefetch), HOLDS, self.outcome) for prefetch in (1, 4)]


class Beyond(Draft):
    """A run whose refuted cells vary an axis that a document does not mention."""

    beyond: str

    def cells(self, of: Claim) -> list[tuple[Cell, Expected, TrialOutcome]]:
        return [
            (cell, structs.replace(known, beyond=(self.beyond,)) if known is STARVES else known, outcome)
            for cell, known, outcome in super().cells(of)
        ]


class Both(Draft):
    """A run of the claim that two documents state."""

    def cells(self, of: Claim) -> list[tuple[Cell, Expected, TrialOutcome]]:
        return super().cells(EARLIER if of is IN_BOTH else of)


def page(folder: Path, pools: Sequence[str] = ALL, claims: Sequence[Claim] = CLAIMS) -> str:
    return shown(corrections.page(joined(folder, *(Draft(pool, claims=claims) for pool in pools)), "000"))


def beyond(document: str, folder: Path) -> str:
    draft = Beyond(claims=[EARLIER, ONCE])
    draft.beyond = document
    return shown(corrections.page(joined(folder, draft), "000"))


def joined(folder: Path, *drafts: Draft) -> Joined:
    for draft in drafts:
        draft.documents = DOCUMENTS
    return join([read(draft.write(folder)) for draft in drafts])


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_page_begins_with_what_is_so_in_short(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert text.startswith("# Corrections to document 000: Pools | compared\n")
    assert "Of 6 claims 4 hold, 2 are to be corrected." in flat(text)
    short, _, long = text.partition("## What the document says, and what is true")
    assert f"- ◐ `queues.earlier-queue-starves-later`: {STARVES.instead}" in flat(short)
    assert "- ◐ `crashes.child-crash-is-contained`: it is not true that: A crash in a child" in flat(short)
    assert "### `queues.earlier-queue-starves-later`\n" in long


def test_a_correction_has_all_that_a_doubter_asks_for(tmp_path: Path) -> None:
    claims = [IN_BOTH if claim is EARLIER else claim for claim in CLAIMS]
    both = joined(tmp_path, Both(claims=claims), Both("solo", claims=claims))
    text = shown(corrections.page(both, "000"))
    entry = flat(text.partition("### `queues.earlier-queue-starves-later`\n")[2].partition("\n## ")[0])
    assert entry.startswith(f"> {EARLIER.says} Sections: 1. Pools; 2. Delivery ")
    assert "◐ This holds only if order = priority." in entry
    assert f"True instead: {STARVES.instead}" in entry
    assert f"Why: {STARVES.because} Since when: {STARVES.since}. Source: {STARVES.see}" in entry
    assert "In 6 of 12 cells: `prefork-c1-p{0,1,4}-round_robin`, `solo-c1-" in entry
    assert (
        "evidence each message once: a1 lost | b2 lost worker celery worker -P prefork repeat tox -e" in entry
    )
    assert "Sections: 2. Speed\n" in shown(corrections.page(both, "003"))


def test_what_was_not_expected_says_so(tmp_path: Path) -> None:
    told = shown(corrections.page(joined(tmp_path, Told("solo", claims=[ONCE])), "000"))
    assert "✗ This is refuted in every cell.\n" in told
    assert "It was expected to hold and is refuted: Celery changed" in told


def test_what_holds_is_listed_and_nothing_else_there(tmp_path: Path) -> None:
    text = page(tmp_path, claims=[ONCE, TWO])
    assert "Of 2 claims 2 hold, 0 are to be corrected." in flat(text)
    assert "In short" not in text
    assert "what is true" not in text
    assert "- ✓ `delivery.each-message-once`: Each message is consumed exactly once.\n" in text


def test_what_the_document_does_not_speak_of_is_no_mistake_of_its(tmp_path: Path) -> None:
    told = beyond("000", tmp_path)
    assert "Of 2 claims 1 hold, 1 hold in the cases that the document covers, 0 are to be corrected." in flat(
        told
    )
    assert "In short" not in told
    extent = flat(told.partition("## What holds in the cases that the document covers\n")[2])
    silent = f"The document does not cover this: {STARVES.instead}"
    assert f"- ◐ `{EARLIER.id}`: {EARLIER.says} {silent}" in extent


def test_one_document_may_be_silent_where_another_is_wrong(tmp_path: Path) -> None:
    told = beyond("003", tmp_path)
    assert "Of 2 claims 1 hold, 1 are to be corrected." in flat(told)
    assert "does not cover this" not in told


def test_the_head_counts_the_cells_of_this_document_alone(tmp_path: Path) -> None:
    run = joined(tmp_path, Draft(claims=[ONCE, replace(TWO, sources=(Source("003", "2. Speed"),))]))
    head = shown(corrections.page(run, "000")).partition("Runs:")[0]
    cells = sum(cell.claim == ONCE.id for cell in run.cells)
    assert f"- Cells: {cells}; {cells} as documented\n" in head


def test_what_is_open_says_why(tmp_path: Path) -> None:
    draft = Told("solo", claims=[ONCE])
    draft.outcome = "void"
    text = flat(shown(corrections.page(joined(tmp_path, draft), "000")))
    assert "Of 1 claims 0 hold, 0 are to be corrected, 1 open." in text
    assert "## What is open - ? `delivery.each-message-once`: Each message is consumed exactly once. " in text
    assert text.endswith("(the worker was never ready)")


def test_a_document_that_states_nothing_has_a_page_all_the_same(tmp_path: Path) -> None:
    text = shown(corrections.page(joined(tmp_path, Draft()), "003"))
    assert text.startswith("# Corrections to document 003: Which \\*pool\\* to choose\n")
    assert "Of 0 claims 0 hold, 0 are to be corrected." in flat(text)
