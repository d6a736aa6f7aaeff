"""The types of the catalogue: what documents say of Celery's pools, and what is known to be true today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta

from poolproof.catalogue.documents import Document
from poolproof.catalogue.matrix import Matrix
from poolproof.catalogue.mistakes import unknown
from poolproof.catalogue.typed import LONGEST_NAME, SOME, Table, Text
from poolproof.catalogue.when import When, fits
from poolproof.model.cells import AXES, STATIC, Cell
from poolproof.model.errors import BadInput
from poolproof.model.verdict import Expectation, Kind

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        max_length=LONGEST_NAME,
        description="must be lower-case words joined by hyphens",
    ),
]
# A cell's id joins the values with hyphens, so no value contains one.
Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(_[a-z0-9]+)*\Z",
        max_length=LONGEST_NAME,
        description="must be lower-case words joined by underscores, in quotes",
    ),
]


@dataclass(frozen=True, slots=True)
class Source:
    """A document that states the claim, and the section in which it does."""

    document: str
    section: str


class Mutant(Table, frozen=True):
    """A worker broken on purpose, and the cells in which it acts."""

    name: Slug
    when: When = msgspec.field(default_factory=dict)


class Expected(Table, frozen=True):
    """What is known today of the cells that match `when`.

    `because` gives the reason, `instead` is the sentence that is true in place of a refuted claim, `shown_by`
    names the check that tests `instead` on the same observation as the claim. The documents in `beyond` are
    not corrected by this rule, because they say nothing about what its cells vary.
    """

    verdict: Annotated[Expectation, Meta(title="verdict")]
    because: Text = ""
    instead: Text = ""
    since: Text = ""
    see: Text = ""
    shown_by: Name = ""
    beyond: Annotated[tuple[Text, ...], SOME] = ()
    when: When = msgspec.field(default_factory=dict)


HOLDS = Expected("holds")


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence that a document states as true of Celery, and that an experiment can decide.

    Its `mutants` must refute it where it holds. Where it is refuted, it must hold with `as_documented`: on a
    worker patched to do what the document says, which shows that the check can pass.
    """

    id: str
    says: str
    kind: Kind
    sources: tuple[Source, ...]
    pools: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mutants: tuple[Mutant, ...] = ()
    as_documented: tuple[Mutant, ...] = ()
    expected: tuple[Expected, ...] = ()

    @property
    def subject(self) -> str:
        """What the claim is about: the first part of its id, and the name of its file."""
        return self.id.partition(".")[0]

    def expect(self, cell: Cell) -> Expected:
        """What is known of that cell: the first rule that matches; without one the claim holds."""
        return next((rule for rule in self.expected if fits(rule.when, cell)), HOLDS)

    def whole(self, matrix: Matrix) -> tuple[Cell, ...]:
        """All cells of the claim in the whole matrix: over every axis, and with nothing left out."""
        pools = self.pools or (STATIC.pool,)
        return tuple(cell for pool in pools for cell in matrix.cross(pool, AXES, self.variants))


class Catalogue(Mapping[str, Claim]):
    """The claims by id: subjects in alphabetical order, claims in the order of their file.

    Its `documents`, by their id, are those of which the claims or a reason cover every section.
    """

    def __init__(self, claims: Mapping[str, Claim], documents: Mapping[str, Document]) -> None:
        self._claims = dict(claims)
        self.documents = documents

    def __getitem__(self, claim_id: str) -> Claim:
        return self._claims[claim_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    def __len__(self) -> int:
        return len(self._claims)

    def named(self, claim_id: str) -> Claim:
        """The claim with that id; BadInput, with the most similar id, when there is none."""
        if claim_id not in self._claims:
            raise BadInput(f"suites/claims: {unknown('claim', claim_id, self._claims)}")
        return self._claims[claim_id]
