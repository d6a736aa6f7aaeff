"""The documents: read as written, each mistake one line, and and each section with a claim or a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.catalogue.documents import Document, Section, load_documents
from poolproof.model.errors import BadInput
from tests.attempts import attempt
from tests.claims_in_suites import CATALOGUE, DOCUMENTS
from tests.house import build
from tests.toml_samples import DOCUMENTS as SAMPLE
from tests.toml_samples import spoilt, write_documents

SECTIONS = [(document, section) for document in DOCUMENTS.values() for section in document.sections]
MISTAKES = {
    "key unknown": ("untestable =", "untestabel =",
        "document #1.section #3: unknown key 'untestabel'; did you mean 'untestable'?"),
    "key unknown at the top": (SAMPLE, "documents = []\n",
        "unknown key 'documents'; did you mean 'document'?"),
    "document as a single table": (SAMPLE, '[document]\nid = "004"\n',
        "document: is a table, must be tables, each headed [[...]]"),
    "no document": (SAMPLE, "", "document: is missing; add it"),
    "id missing": ('id = "004"\n', "", "document #1.id: is missing; add it"),
    "id that is a number": ('"004"', "4",
        "document #1.id: is 4, must be digits or lower-case letters, in quotes"),
    "id that is no name of a file": ('"004"', '"../4"',
        "document #1.id: is '../4', must be digits or lower-case letters, in quotes"),
    "id taken": ('"005"', '"004"', "document #2.id: '004' is taken by #1; choose another"),
    "title empty": ('"Queues"', '""', "document #1.title: is '', must be a text in quotes"),
    "section without name": ('name = "One queue"', "", "document #1.section #2.name: is missing; add it"),
    "section without a reason": ('"advice"', '" "',
        "document #1.section #3.untestable: is ' ', must be a text in quotes"),
    "section twice": ('"One queue"', '"Several queues"',
        "document #1.section #2.name: 'Several queues' is taken by #1; choose another"),
    "name taken": ('"Advice"', '"One  queue"',
        "document #1.section #3.name: 'One queue' is taken by #2; choose another"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES.values(), ids=MISTAKES)
def test_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_documents(write_documents(tmp_path, spoilt(SAMPLE, old, new)))
    assert str(refused.value) == f"documents.toml: {message}"


def test_no_such_file() -> None:
    with pytest.raises(BadInput, match=r"^documents\.toml: cannot be read: No such file or directory$"):
        load_documents(Path("documents.toml"))


def test_read_as_written(tmp_path: Path) -> None:
    queues, workers = load_documents(write_documents(tmp_path)).values()
    assert queues == Document(
        "004", "Queues", (Section("Several queues"), Section("One queue"), Section("Advice", "advice"))
    )
    assert workers == Document("005", "Workers", (Section("One queue"),))


def test_a_run_records_the_documents_that_it_judges(tmp_path: Path) -> None:
    house = build(tmp_path / "house", claims=["answers", "stands"])
    made = attempt(house, tmp_path / "attempt", "--pool", "solo", "--broker-from", "wheel", "-k", "r1")
    assert made.end() == 0, made.output
    (line,) = made.lines("document")
    assert (line["id"], line["title"]) == ("000", "On houses")
    assert line["sections"] == [{"name": "Houses", "untestable": None, "left_out": []}]


@pytest.mark.parametrize(
    ("document", "section"),
    SECTIONS,
    ids=[f"{document.id}, {section.name}" for document, section in SECTIONS],
)
def test_a_section_has_claims_or_a_reason_and_never_both(document: Document, section: Section) -> None:
    claims = [
        claim.id
        for claim in CATALOGUE.values()
        if any((source.document, source.section) == (document.id, section.name) for source in claim.sources)
    ]
    assert claims or section.untestable, "neither a claim nor a reason why nothing in it can be tested"
    assert not (claims and section.untestable), "it has claims, so leave out the reason"
