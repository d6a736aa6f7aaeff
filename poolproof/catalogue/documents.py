"""Reading the documents that are judged, by their sections, so that none is passed over in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from poolproof.catalogue.fields import Reader, list_of, matching, may, table, text
from poolproof.catalogue.mistakes import Mistake, blaming, show, shown, under, unknown
from poolproof.catalogue.toml_file import load_toml

# A page of corrections has the id in its file's name.
_ID = matching(r"[a-z0-9]+", "digits or lower-case letters, in quotes")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence of a section, in our words, that no claim tests, and why."""

    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a document, in our words, and why nothing below it can be tested, if that is so.

    Where claims test a part of it, `left_out` has the sentences that they do not.
    """

    name: str
    untestable: str | None = None
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose every section is the source of a claim, or says why it is of none."""

    id: str
    title: str
    sections: tuple[Section, ...]

    def check(self, section: str) -> None:
        """Mistake, with the nearest real one, where the document has no such section."""
        names = [each.name for each in self.sections]
        if section not in names:
            raise unknown("section", section, names)


def load_documents(file: Path) -> dict[str, Document]:
    """The documents by id, in the order of the file; BadInput at the first mistake."""
    raw = load_toml(file)
    with blaming(shown(file)):
        documents = _FILE(raw)
    return {document.id: document for document in documents}


def _file(document: tuple[Document, ...]) -> tuple[Document, ...]:
    with under("document"):
        _check_once([each.id for each in document], "id")
    return document


def _document(id: str, title: str, section: tuple[Section, ...]) -> Document:
    with under("section"):
        _check_once([each.name for each in section], "name")
    return Document(id, title, section)


def _check_once(names: Sequence[str], key: str) -> None:
    for n, name in enumerate(names):
        if name in names[:n]:
            raise Mistake(
                f"{show(name)} is taken by #{names.index(name) + 1}; choose another", f"#{n + 1}", key
            )


_LEFT_OUT = table(LeftOut, sentence=text, reason=text)
_SECTION = table(Section, name=text, untestable=may(text), left_out=may(list_of(_LEFT_OUT)))
_DOCUMENT = table(_document, id=_ID, title=text, section=list_of(_SECTION))
_FILE: Reader[tuple[Document, ...]] = table(_file, document=list_of(_DOCUMENT))
