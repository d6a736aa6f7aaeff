"""Reading the catalogue, one TOML file a subject, and checking it against matrix and documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import get_args

from poolproof.catalogue.claims import Catalogue, Claim, Expected, ExpectedRule, Mutant, Source
from poolproof.catalogue.documents import Document
from poolproof.catalogue.fields import (
    LONGEST_NAME,
    Reader,
    list_of,
    mapping,
    matching,
    may,
    one_of,
    table,
    text,
)
from poolproof.catalogue.matrix import AXES, Exclude, Matrix
from poolproof.catalogue.mistakes import Mistake, blaming, shown, under, unknown
from poolproof.catalogue.toml_file import load_toml
from poolproof.catalogue.when import WHEN, When
from poolproof.model.errors import BadInput
from poolproof.model.verdict import Expectation, Kind

NEEDS: Mapping[Expectation, tuple[str, ...]] = {
    "holds": (), "n/a": ("because",), "not seen": ("because",),
    "refuted": ("because", "instead", "shown_by", "since", "see"),
}  # fmt: skip
"""What a rule must say besides its verdict; it says no more than that."""

_SLUG = matching(r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case words joined by hyphens")
_ID = matching(
    r"[a-z][a-z0-9_]*\.[a-z0-9]+(-[a-z0-9]+)*", "a subject, a dot, and lower-case words joined by hyphens"
)
# A cell's id joins the values by hyphens, so they have none.
_NAME = matching(r"[a-z0-9]+(_[a-z0-9]+)*", "lower-case words joined by underscores, in quotes")


def load_catalogue(folder: Path, matrix: Matrix, documents: Mapping[str, Document]) -> Catalogue:
    """Every claim of the folder; BadInput at the first mistake there, or in what the matrix says of them.

    A source in one of the `documents` must be a section of it; other documents are taken as they are.
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
    whole_file: Reader[dict[str, list[object]]] = table(dict, claim=_entries)
    raw = load_toml(file)
    with blaming(shown(file)):
        entries = whole_file(raw)["claim"]
    read, seen = _claim_reader(file.stem, matrix), set[str]()
    for n, entry in enumerate(entries, 1):
        with blaming(f"{shown(file)}: claim {_label(entry, n)}"):
            claim = read(entry)
            _check_sources(claim, documents)
            if claim.id in seen:
                raise Mistake("is taken by a claim above; choose another", "id")
        seen.add(claim.id)
        yield claim


def _entries(raw: object) -> list[object]:
    if not isinstance(raw, list) or not raw:
        raise Mistake("must be tables, each headed [[claim]]")
    return raw


def _label(entry: object, n: int) -> str:
    given = entry.get("id") if isinstance(entry, dict) else None
    named = isinstance(given, str) and given.isprintable() and 0 < len(given) <= LONGEST_NAME
    return str(given) if named else f"#{n}"


def _claim_reader(subject: str, matrix: Matrix) -> Reader[Claim]:
    return table(
        partial(_claim, subject, matrix),
        id=_ID,
        says=text,
        kind=one_of("kind", get_args(Kind)),
        pools=may(list_of(one_of("pool", matrix.pools), least=0)),
        over=may(list_of(text, least=0)),
        mutants=may(list_of(_mutant, least=0)),
        as_documented=may(list_of(_mutant)),
        variants=may(mapping(_NAME, list_of(_NAME))),
        sources=mapping(text, list_of(text)),
        expected=may(list_of(_RULE)),
    )


def _claim(
    subject: str,
    matrix: Matrix,
    id: str,
    says: str,
    kind: Kind,
    sources: dict[str, tuple[str, ...]],
    pools: tuple[str, ...] = (),
    over: tuple[str, ...] | None = None,
    mutants: tuple[Mutant, ...] = (),
    as_documented: tuple[Mutant, ...] = (),
    variants: dict[str, tuple[str, ...]] | None = None,
    expected: tuple[ExpectedRule, ...] = (),
) -> Claim:
    stated = tuple(Source(document, section) for document, all_in in sources.items() for section in all_in)
    claim = Claim(id, says, kind, stated, pools, over or (), variants or {}, mutants, as_documented, expected)
    if claim.subject != subject:
        raise Mistake(f"begins with {claim.subject!r}, must begin with its file's name, {subject!r}", "id")
    _check_axes(claim, over_given=over is not None)
    _check_rules(claim, matrix)
    return claim


def _check_sources(claim: Claim, documents: Mapping[str, Document]) -> None:
    for source in claim.sources:
        with under("sources"), under(source.document):
            if source.document in documents:
                documents[source.document].check(source.section)
    stated = dict.fromkeys(source.document for source in claim.sources)
    for n, rule in enumerate(claim.expected, 1):
        with under("expected"), under(f"#{n}"), under("beyond"):
            for document in rule.expected.beyond:
                if document not in stated:
                    raise unknown("source of the claim", document, stated)


def _check_axes(claim: Claim, over_given: bool) -> None:
    for name in claim.variants:
        if name in (*AXES, "pool"):
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


_MUTANT = table(Mutant, name=_SLUG, when=WHEN)


def _mutant(raw: object) -> Mutant:
    return _MUTANT(raw) if isinstance(raw, dict) else Mutant(_SLUG(raw))


def _rule(
    verdict: Expectation,
    when: When | None = None,
    because: str = "",
    instead: str = "",
    since: str = "",
    see: str = "",
    shown_by: str = "",
    beyond: tuple[str, ...] = (),
) -> ExpectedRule:
    said = {"because": because, "instead": instead, "shown_by": shown_by, "since": since, "see": see}
    for key, value in said.items():
        if not value and key in NEEDS[verdict]:
            raise Mistake(f"is missing; the verdict {verdict!r} needs it", key)
        if value and key not in NEEDS[verdict]:
            raise Mistake(f"does not belong to the verdict {verdict!r}; leave it out", key)
    if beyond and verdict != "refuted":
        raise Mistake(f"does not belong to the verdict {verdict!r}; leave it out", "beyond")
    return ExpectedRule(when or When(), Expected(verdict, **said, beyond=beyond))


_RULE = table(
    _rule,
    verdict=one_of("verdict", get_args(Expectation)),
    when=may(WHEN),
    because=may(text),
    instead=may(text),
    since=may(text),
    see=may(text),
    shown_by=may(_NAME),
    beyond=may(list_of(text)),
)


def _check_rules(claim: Claim, matrix: Matrix) -> None:
    known = {**matrix.known_axes(claim.pools), **claim.variants} if claim.pools else claim.variants
    left = cells = claim.whole(matrix)
    for key in ("mutants", "as_documented"):
        for n, mutant in enumerate(getattr(claim, key), 1):
            with under(key), under(f"#{n}"), under("when"):
                mutant.when.check(known)
    for n, rule in enumerate(claim.expected, 1):
        with under("expected"), under(f"#{n}"):
            _check_verdict(rule.expected.verdict, claim.kind)
        with under("expected"), under(f"#{n}"), under("when"):
            rule.when.check(known)
            if not any(map(rule.when.fits, cells)):
                raise Mistake("matches no cell of the matrix; mend it, or leave the rule out")
            if not any(map(rule.when.fits, left)):
                raise Mistake(
                    "matches no cell that the rules above leave; put it before them, or leave it out"
                )
        left = tuple(cell for cell in left if not rule.when.fits(cell))


def _check_verdict(verdict: Expectation, kind: Kind) -> None:
    """What may happen is seen or not, and cannot be refuted; what always does cannot just be not seen."""
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
                exclude.when.check(known)
            for pattern in exclude.claims:
                _check_exclusion(pattern, exclude, catalogue, matrix)


def _check_exclusion(pattern: str, exclude: Exclude, catalogue: Catalogue, matrix: Matrix) -> None:
    alone = Exclude(exclude.when, exclude.reason, (pattern,))
    claims = [claim for claim in catalogue.values() if alone.names(claim.id)]
    if not claims:
        subjects = dict.fromkeys(f"{claim.subject}.*" for claim in catalogue.values())
        raise Mistake(unknown("claim", pattern, (*subjects, *catalogue)).message, "claims")
    if not any(exclude.when.fits(cell) for claim in claims for cell in claim.whole(matrix)):
        raise Mistake(f"matches no cell of the claims {pattern!r}; mend it, or leave the pattern out", "when")
