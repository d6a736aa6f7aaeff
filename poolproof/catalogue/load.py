"""Reads the catalogue, one TOML file a subject, and checks it against the matrix and the documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType, field

from poolproof.catalogue import when
from poolproof.catalogue.claims import Catalogue, Claim, Expected, Mutant, Name, Slug, Source
from poolproof.catalogue.documents import Document
from poolproof.catalogue.matrix import Exclude, Matrix
from poolproof.catalogue.mistakes import Mistake, blaming, shown, under, unknown
from poolproof.catalogue.toml_file import load_toml
from poolproof.catalogue.typed import LONGEST_NAME, SOME, Table, Text, converted, read
from poolproof.model.cells import AXES, POOL
from poolproof.model.errors import BadInput
from poolproof.model.verdict import Expectation, Kind

NEEDS: Mapping[Expectation, tuple[str, ...]] = {
    "holds": (), "n/a": ("because",), "not seen": ("because",),
    "refuted": ("because", "instead", "shown_by", "since", "see"),
}  # fmt: skip
"""The keys that a rule must have besides its verdict; it has no others."""


class ClaimsFile(Table, frozen=True):
    """The contents of a file of the catalogue; each entry is read separately, so that messages name it."""

    claim: Annotated[tuple[Any, ...], SOME]


class Entry(Table, frozen=True):
    """A claim as the file has it."""

    id: Annotated[
        str,
        Meta(
            pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9]+(-[a-z0-9]+)*\Z",
            max_length=LONGEST_NAME,
            description="must be a subject, a dot, and lower-case words joined by hyphens",
        ),
    ]
    says: Text
    kind: Annotated[Kind, Meta(title="kind")]
    sources: Annotated[dict[Text, Annotated[tuple[Text, ...], SOME]], SOME]
    pools: tuple[Text, ...] = ()
    over: tuple[Text, ...] | UnsetType = UNSET
    mutants: tuple[Slug | Mutant, ...] = ()
    as_documented: Annotated[tuple[Slug | Mutant, ...], SOME] = ()
    variants: Annotated[dict[Name, Annotated[tuple[Name, ...], SOME]], SOME] = field(default_factory=dict)
    expected: Annotated[tuple[Expected, ...], SOME] = ()


def load_catalogue(folder: Path, matrix: Matrix, documents: Mapping[str, Document]) -> Catalogue:
    """Every claim of the folder; BadInput at the first mistake in them, or in the matrix's rules about them.

    A source in one of the `documents` must be a section of it; other documents are not checked.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise BadInput(f"{shown(folder)}: holds no *.toml; name the folder of the catalogue")
    claims = {claim.id: claim for file in files for claim in _claims(file, matrix, documents)}
    catalogue = Catalogue(claims, documents)
    with blaming(matrix.file):
        _check_exclusions(catalogue, matrix)
    return catalogue


def _claims(file: Path, matrix: Matrix, documents: Mapping[str, Document]) -> Iterator[Claim]:
    raw = load_toml(file)
    with blaming(shown(file)):
        entries = converted(raw, ClaimsFile).claim
    seen = set[str]()
    for n, entry in enumerate(entries, 1):
        with blaming(f"{shown(file)}: claim {_label(entry, n)}"):
            claim = _claim(read(entry, Entry), file.stem, matrix)
            _check_sources(claim, documents)
            if claim.id in seen:
                raise Mistake("is taken by a claim above; choose another", "id")
        seen.add(claim.id)
        yield claim


def _label(entry: object, n: int) -> str:
    given = entry.get("id") if isinstance(entry, dict) else None
    named = isinstance(given, str) and given.isprintable() and 0 < len(given) <= LONGEST_NAME
    return str(given) if named else f"#{n}"


def _claim(entry: Entry, subject: str, matrix: Matrix) -> Claim:
    claim = Claim(
        id=entry.id,
        says=entry.says,
        kind=entry.kind,
        sources=tuple(
            Source(document, each) for document, all_in in entry.sources.items() for each in all_in
        ),
        pools=entry.pools,
        over=entry.over or (),
        variants=entry.variants,
        mutants=_mutants(entry.mutants),
        as_documented=_mutants(entry.as_documented),
        expected=entry.expected,
    )
    if claim.subject != subject:
        raise Mistake(f"begins with {claim.subject!r}, must begin with its file's name, {subject!r}", "id")
    for n, pool in enumerate(claim.pools, 1):
        if pool not in matrix.pools:
            with under("pools"), under(f"#{n}"):
                raise unknown(POOL, pool, matrix.pools)
    _check_axes(claim, over_given=entry.over is not UNSET)
    _check_rules(claim, matrix)
    return claim


def _mutants(written: tuple[str | Mutant, ...]) -> tuple[Mutant, ...]:
    return tuple(each if isinstance(each, Mutant) else Mutant(each) for each in written)


def _check_sources(claim: Claim, documents: Mapping[str, Document]) -> None:
    for source in claim.sources:
        with under("sources"), under(source.document):
            if source.document in documents:
                documents[source.document].check(source.section)
    stated = dict.fromkeys(source.document for source in claim.sources)
    for n, rule in enumerate(claim.expected, 1):
        with under("expected"), under(f"#{n}"), under("beyond"):
            for document in rule.beyond:
                if document not in stated:
                    raise unknown("source of the claim", document, stated)


def _check_axes(claim: Claim, over_given: bool) -> None:
    for name in claim.variants:
        if name in (*AXES, POOL):
            raise Mistake("is an axis of the matrix; choose another name", "variants", name)
    for axis in claim.over:
        if axis not in (*AXES, *claim.variants):
            raise Mistake(unknown("axis", axis, (*AXES, *claim.variants)).message, "over")
    if claim.kind == "static":
        _check_static(claim)
        return
    if not claim.pools:
        raise Mistake("names no pool; name those that the claim applies to", "pools")
    if not over_given:
        raise Mistake("is missing; name the axes that the claim depends on, or [] for none", "over")


def _check_static(claim: Claim) -> None:
    for key, names in (("pools", claim.pools), ("over", set(claim.over) - set(claim.variants))):
        if names:
            raise Mistake("does not belong to a static claim; leave it out, or change the kind", key)


def _check_needs(rule: Expected) -> None:
    for key in NEEDS["refuted"]:
        needed, given = key in NEEDS[rule.verdict], getattr(rule, key)
        if needed and not given:
            raise Mistake(f"is missing; the verdict {rule.verdict!r} needs it", key)
        if given and not needed:
            raise Mistake(f"does not belong to the verdict {rule.verdict!r}; leave it out", key)
    if rule.beyond and rule.verdict != "refuted":
        raise Mistake(f"does not belong to the verdict {rule.verdict!r}; leave it out", "beyond")


def _check_rules(claim: Claim, matrix: Matrix) -> None:
    known = {**matrix.known_axes(claim.pools), **claim.variants} if claim.pools else claim.variants
    left = cells = claim.whole(matrix)
    for key in ("mutants", "as_documented"):
        for n, mutant in enumerate(getattr(claim, key), 1):
            with under(key), under(f"#{n}"), under("when"):
                when.check(mutant.when, known)
    for n, rule in enumerate(claim.expected, 1):
        with under("expected"), under(f"#{n}"):
            _check_needs(rule)
            _check_verdict(rule.verdict, claim.kind)
        with under("expected"), under(f"#{n}"), under("when"):
            when.check(rule.when, known)
            if not any(when.fits(rule.when, cell) for cell in cells):
                raise Mistake("matches no cell of the matrix; mend it, or leave the rule out")
            if not any(when.fits(rule.when, cell) for cell in left):
                raise Mistake(
                    "matches no cell that the rules above leave; put it before them, or leave it out"
                )
        left = tuple(cell for cell in left if not when.fits(rule.when, cell))


def _check_verdict(verdict: Expectation, kind: Kind) -> None:
    """A *sometimes* claim cannot be refuted, only seen or not; an *always* claim cannot be just not seen."""
    if verdict == ("refuted" if kind == "sometimes" else "not seen"):
        raise Mistake(f"cannot be {verdict!r} in a claim of the kind {kind!r}; change one", "verdict")


def _check_exclusions(catalogue: Catalogue, matrix: Matrix) -> None:
    known = matrix.known_axes(matrix.pools)
    for claim in catalogue.values():
        for variant, values in claim.variants.items():
            known[variant] = (*known.get(variant, ()), *values)
    for n, exclude in enumerate(matrix.exclude, 1):
        with under("exclude"), under(f"#{n}"):
            with under("when"):
                when.check(exclude.when, known)
            for pattern in exclude.claims:
                _check_exclusion(pattern, exclude, catalogue, matrix)


def _check_exclusion(pattern: str, exclude: Exclude, catalogue: Catalogue, matrix: Matrix) -> None:
    claims = [claim for claim in catalogue.values() if fnmatchcase(claim.id, pattern)]
    if not claims:
        subjects = dict.fromkeys(f"{claim.subject}.*" for claim in catalogue.values())
        raise Mistake(unknown("claim", pattern, (*subjects, *catalogue)).message, "claims")
    if not any(when.fits(exclude.when, cell) for claim in claims for cell in claim.whole(matrix)):
        raise Mistake(f"matches no cell of the claims {pattern!r}; mend it, or leave the pattern out", "when")
