"""The words of the catalogue: what documents say of Celery's pools, and what is known to be so today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from poolproof.catalogue.documents import Document
from poolproof.catalogue.matrix import AXES, Matrix
from poolproof.catalogue.mistakes import unknown
from poolproof.catalogue.when import When
from poolproof.model.cells import STATIC, Cell
from poolproof.model.errors import BadInput
from poolproof.model.verdict import Expectation, Kind


@dataclass(frozen=True, slots=True)
class Source:
    """A document that states the claim, and the section that does."""

    document: str
    section: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A worker broken on purpose, and the cells in which it acts."""

    name: str
    when: When = field(default_factory=When)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known today: `because` says why, `instead` is the sentence that is true of a refuted claim.

    `shown_by` names the check that puts `instead` to the same observation as the claim.
    Of the documents named in `beyond` it corrects nothing: they do not speak of what its cells vary.
    """

    verdict: Expectation = "holds"
    because: str = ""
    instead: str = ""
    since: str = ""
    see: str = ""
    shown_by: str = ""
    beyond: tuple[str, ...] = ()


HOLDS = Expected()


@dataclass(frozen=True, slots=True)
class ExpectedRule:
    """What is expected of the cells that `when` fits."""

    when: When
    expected: Expected


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence that a document states as true of Celery, and that an experiment can decide.

    Its `mutants` must refute it where it holds; where it is refuted it must hold `as_documented`: on a worker
    patched to do what the document says, so that the check is seen to be able to pass.
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
    expected: tuple[ExpectedRule, ...] = ()

    @property
    def subject(self) -> str:
        """What the claim is about: the first part of its id, and the name of its file."""
        return self.id.partition(".")[0]

    def expect(self, cell: Cell) -> Expected:
        """What is known of that cell: the first rule that fits; without one it holds."""
        return next((rule.expected for rule in self.expected if rule.when.fits(cell)), HOLDS)

    def whole(self, matrix: Matrix) -> tuple[Cell, ...]:
        """Every cell that the claim has in the whole matrix, whatever it is over and whatever is left out."""
        pools = self.pools or (STATIC.pool,)
        return tuple(cell for pool in pools for cell in matrix.cross(pool, AXES, self.variants))


class Catalogue(Mapping[str, Claim]):
    """The claims by id: subjects in alphabetical order, claims in the order of their file.

    Its `documents`, by their id, are those whose every section the claims answer for.
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
        """The claim of that id; BadInput, with the nearest id, when there is none."""
        if claim_id not in self._claims:
            raise BadInput(f"suites/claims: {unknown('claim', claim_id, self._claims)}")
        return self._claims[claim_id]
