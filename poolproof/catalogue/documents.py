"""Reads the judged documents, section by section, so that every section has a claim or a reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from msgspec import Meta, field

from poolproof.catalogue.mistakes import Mistake, blaming, show, shown, under, unknown
from poolproof.catalogue.toml_file import load_toml
from poolproof.catalogue.typed import LONGEST_NAME, SOME, Table, Text, read

# The file name of a page of corrections contains the id.
DocumentId = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+\Z",
        max_length=LONGEST_NAME,
        description="must be digits or lower-case letters, in quotes",
    ),
]


class LeftOut(Table, frozen=True):
    """A sentence of a section, in our words, that no claim tests, and why."""

    sentence: Text
    reason: Text


class Section(Table, frozen=True):
    """A heading of a document, in our words; and, if nothing below it can be tested, the reason.

    Where claims test a part of the section, `left_out` has the sentences that they do not test.
    """

    name: Text
    untestable: Text | None = None
    left_out: Annotated[tuple[LeftOut, ...], SOME] = ()


class Document(Table, frozen=True):
    """A document; each of its sections is the source of a claim, or gives a reason why not."""

    id: DocumentId
    title: Text
    sections: Annotated[tuple[Section, ...], SOME] = field(name="section")

    def __post_init__(self) -> None:
        with under("section"):
            _check_once([each.name for each in self.sections], "name")

    def check(self, section: str) -> None:
        """Mistake, with the most similar section, when the document has no such section."""
        names = [each.name for each in self.sections]
        if section not in names:
            raise unknown("section", section, names)


class DocumentsFile(Table, frozen=True):
    """The contents of `documents.toml`."""

    document: Annotated[tuple[Document, ...], SOME]

    def __post_init__(self) -> None:
        with under("document"):
            _check_once([each.id for each in self.document], "id")


def load_documents(file: Path) -> dict[str, Document]:
    """The documents by id, in the order of the file; BadInput at the first mistake."""
    raw = load_toml(file)
    with blaming(shown(file)):
        documents = read(raw, DocumentsFile).document
    return {document.id: document for document in documents}


def _check_once(names: Sequence[str], key: str) -> None:
    for n, name in enumerate(names):
        if name in names[:n]:
            raise Mistake(
                f"{show(name)} is taken by #{names.index(name) + 1}; choose another", f"#{n + 1}", key
            )
