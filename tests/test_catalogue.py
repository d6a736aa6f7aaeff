"""The catalogue is read as written, and each mistake has one line: the file, the claim, the correction."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.catalogue.claims import HOLDS, Expected, Mutant, Source
from poolproof.catalogue.load import load_catalogue
from poolproof.catalogue.matrix import load_matrix
from poolproof.model.cells import STATIC, Cell
from poolproof.model.errors import BadInput
from tests.claims_in_suites import CATALOGUE, ROOT
from tests.toml_samples import MATRIX, MODULES, QUEUES, load, spoilt, write_claims, write_matrix

FILE = "claims/queues.toml: "
CLAIM = f"{FILE}claim queues.starves: "
POOLS = 'pools = ["prefork", "solo"]'
WHEN = 'when = { order = "round_robin" }'
NO_RULE = "[[claim.expected]]\n" + QUEUES.partition("[[claim.expected]]\n")[2]
SECOND = "\n[[claim.expected]]\n"

MISTAKES = {
    "key unknown in a claim": ("kind =", "kidn =", CLAIM + "unknown key 'kidn'; did you mean 'kind'?"),
    "key unknown at the top": ("[[claim]]", "[[claims]]",
        FILE + "unknown key 'claims'; did you mean 'claim'?"),
    "key unknown in a mutant": ('"rotates-queues"', '{ name = "rotates-queues", wen = {} }',
        CLAIM + "mutants #1: unknown key 'wen'; did you mean 'when'?"),
    "mutant of a cell that is not": (
        '"rotates-queues"', '{ name = "rotates-queues", when = { order = "x" } }',
        CLAIM + "mutants #1.when.order: unknown value 'x'; known: round_robin, priority"),
    "key unknown in a rule": ("since =", "sinse =",
        CLAIM + "expected #1: unknown key 'sinse'; did you mean 'since'?"),
    "claim as a single table": ("[[claim]]", "[claim]",
        FILE + "claim: is a table, must be tables, each headed [[...]]"),
    "id missing": ('id = "queues.starves"', "", FILE + "claim #1: id: is missing; add it"),
    "id without subject": ('"queues.starves"', '"starves"', FILE + "claim starves: id: is "
        "'starves', must be a subject, a dot, and lower-case words joined by hyphens"),
    "id with capitals": ('"queues.starves"', '"queues.Starves"', FILE + "claim queues.Starves: id: is "
        "'queues.Starves', must be a subject, a dot, and lower-case words joined by hyphens"),
    "id with a line's end": ('"queues.starves"', '"queues.a\\n"', FILE + "claim #1: id: is "
        "'queues.a\\n', must be a subject, a dot, and lower-case words joined by hyphens"),
    "id of 300 characters": ('"queues.starves"', f'"queues.{"a" * 293}"',
        FILE + "claim #1: id: has 300 characters, must have 60 at the most"),
    "variant of 300 characters": ('order = ["round_robin", "priority"]', f'order = ["{"a" * 300}"]',
        CLAIM + "variants.order #1: has 300 characters, must have 60 at the most"),
    "id of another file's subject": ('"queues.starves"', '"modules.starves"', FILE + "claim modules.starves: "
        "id: begins with 'modules', must begin with its file's name, 'queues'"),
    "says missing": ('says = "An earlier queue starves a later one."', "",
        CLAIM + "says: is missing; add it"),
    "says empty": ('"An earlier queue starves a later one."', '""',
        CLAIM + "says: is '', must be a text in quotes"),
    "kind unknown": ('"always"', '"allways"', CLAIM + "kind: unknown kind 'allways'; did you mean 'always'?"),
    "kind true": ('"always"', "true",
        CLAIM + "kind: unknown kind true; known: always, never, sometimes, static"),
    "kind that cannot be refuted": ('"always"', '"sometimes"', CLAIM + "expected #1.verdict: "
        "cannot be 'refuted' in a claim of the kind 'sometimes'; change one"),
    "pool unknown": (POOLS, 'pools = ["prefrok"]',
        CLAIM + "pools #1: unknown pool 'prefrok'; did you mean 'prefork'?"),
    "pool that the matrix leaves out": (POOLS, 'pools = ["eventlet"]',
        CLAIM + "pools #1: unknown pool 'eventlet'; known: prefork, solo"),
    "pool twice": (POOLS, 'pools = ["solo", "solo"]',
        CLAIM + "pools #2: repeats #1; leave one of them out"),
    "pools missing": (POOLS, "", CLAIM + "pools: names no pool; name those that the claim applies to"),
    "pools empty": (POOLS, "pools = []",
        CLAIM + "pools: names no pool; name those that the claim applies to"),
    "pools of a static claim": ('"always"', '"static"',
        CLAIM + "pools: does not belong to a static claim; leave it out, or change the kind"),
    "over of a static claim": ('kind = "always"\n' + POOLS, 'kind = "static"',
        CLAIM + "over: does not belong to a static claim; leave it out, or change the kind"),
    "over missing": ('over = ["concurrency"]', "",
        CLAIM + "over: is missing; name the axes that the claim depends on, or [] for none"),
    "over an unknown axis": ('["concurrency"]', '["concurency"]',
        CLAIM + "over: unknown axis 'concurency'; did you mean 'concurrency'?"),
    "over twice": ('["concurrency"]', '["concurrency", "concurrency"]',
        CLAIM + "over #2: repeats #1; leave one of them out"),
    "over the pool": ('["concurrency"]', '["pool"]',
        CLAIM + "over: unknown axis 'pool'; known: concurrency, prefetch, order"),
    "mutant twice": ('["rotates-queues"]', '["rotates-queues", "rotates-queues"]',
        CLAIM + "mutants #2: repeats #1; leave one of them out"),
    "mutant malformed": ('["rotates-queues"]', '["rotates queues"]',
        CLAIM + "mutants #1: is 'rotates queues', must be lower-case words joined by hyphens"),
    "variant without values": ('["round_robin", "priority"]', "[]",
        CLAIM + "variants.order: is empty, must name at least one"),
    "variant with one value twice": ('["round_robin", "priority"]', '["priority", "priority"]',
        CLAIM + "variants.order #2: repeats #1; leave one of them out"),
    "variant with a hyphen": ('"priority"]', '"pri-ority"]', CLAIM + "variants.order #2: is 'pri-ority', "
        "must be lower-case words joined by underscores, in quotes"),
    "variant that is a number": ('"priority"]', "1]", CLAIM + "variants.order #2: is 1, "
        "must be lower-case words joined by underscores, in quotes"),
    "variant named as an axis": ("order = [", "prefetch = [",
        CLAIM + "variants.prefetch: is an axis of the matrix; choose another name"),
    "variants empty": ('order = ["round_robin", "priority"]', "",
        CLAIM + "variants: is empty, must name at least one; or leave it out"),
    "sources missing": ('[claim.sources]\n004 = ["Several queues"]\n', "",
        CLAIM + "sources: is missing; add it"),
    "source without section": ('["Several queues"]', "[]",
        CLAIM + "sources.004: is empty, must name at least one"),
    "section outside a list": ('["Several queues"]', '"Several queues"',
        CLAIM + "sources.004: is 'Several queues', must be a list"),
    "section that the document has not": ('["Several queues"]', '["Two queues"]',
        CLAIM + "sources.004: unknown section 'Two queues'; did you mean 'One queue'?"),
    "section of another document": ("004 = [", '005 = ["Several queues"]\n004 = [',
        CLAIM + "sources.005: unknown section 'Several queues'; did you mean 'One queue'?"),
    "rule without verdict": ('verdict = "refuted"', "", CLAIM + "expected #1.verdict: is missing; add it"),
    "verdict unknown": ('"refuted"', '"refutd"',
        CLAIM + "expected #1.verdict: unknown verdict 'refutd'; did you mean 'refuted'?"),
    "rule on an unknown axis": (WHEN, 'when = { ordr = "priority" }',
        CLAIM + "expected #1.when: unknown axis 'ordr'; did you mean 'order'?"),
    "rule on an unknown value": (WHEN, 'when = { order = "roundrobin" }',
        CLAIM + "expected #1.when.order: unknown value 'roundrobin'; did you mean 'round_robin'?"),
    "rule on one unknown value of two": (WHEN, 'when = { order = ["priority", "prio"] }',
        CLAIM + "expected #1.when.order: unknown value 'prio'; did you mean 'priority'?"),
    "rule on an unknown pool": (WHEN, 'when = { pool = "prefrok" }',
        CLAIM + "expected #1.when.pool: unknown pool 'prefrok'; did you mean 'prefork'?"),
    "rule with an empty when": (WHEN, "when = {}",
        CLAIM + "expected #1.when: is empty, must name at least one; or leave it out"),
    "rule that matches no cell": (WHEN, 'when = { pool = "solo", concurrency = 2 }',
        CLAIM + "expected #1.when: matches no cell of the matrix; mend it, or leave the rule out"),
    "rule behind one that takes its cells": (SECOND,
        SECOND + 'when = { order = ["round_robin", "priority"] }\nverdict = "n/a"\nbecause = "b"\n' + SECOND,
        CLAIM + "expected #2.when: matches no cell that the rules above leave; put it before them, "
        "or leave it out"),
    "refuted without because": ('because = "the default strategy rotates the queues"\n', "",
        CLAIM + "expected #1.because: is missing; the verdict 'refuted' needs it"),
    "refuted without instead": ('instead = "The queues take turns."\n', "",
        CLAIM + "expected #1.instead: is missing; the verdict 'refuted' needs it"),
    "refuted without shown_by": ('shown_by = "takes_turns"\n', "",
        CLAIM + "expected #1.shown_by: is missing; the verdict 'refuted' needs it"),
    "refuted without since": ('since = "kombu 4.0"\n', "",
        CLAIM + "expected #1.since: is missing; the verdict 'refuted' needs it"),
    "refuted without see": ('see = "kombu/transport/redis.py, Channel.queue_order_strategy"\n', "",
        CLAIM + "expected #1.see: is missing; the verdict 'refuted' needs it"),
    "n/a without because": (NO_RULE, '[[claim.expected]]\nverdict = "n/a"\n',
        CLAIM + "expected #1.because: is missing; the verdict 'n/a' needs it"),
    "n/a with instead": ('"refuted"', '"n/a"',
        CLAIM + "expected #1.instead: does not belong to the verdict 'n/a'; leave it out"),
    "beyond a document that does not state it": (SECOND, SECOND + 'beyond = ["099"]\n',
        CLAIM + "expected #1.beyond: unknown source of the claim '099'; known: 004"),
    "beyond, where nothing is refuted": (NO_RULE,
        '[[claim.expected]]\nverdict = "n/a"\nbecause = "b"\nbeyond = ["002"]\n',
        CLAIM + "expected #1.beyond: does not belong to the verdict 'n/a'; leave it out"),
    "two claims with one id": (NO_RULE, NO_RULE + QUEUES,
        CLAIM + "id: is taken by a claim above; choose another"),
}  # fmt: skip

EXCLUSIONS = {
    "that names no claim": ('["queues.*"]', '["queue.*"]',
        "exclude #1.claims: unknown claim 'queue.*'; did you mean 'queues.*'?"),
    "of which one pattern names no claim": ('["queues.*"]', '["queues.*", "crashes.*"]',
        "exclude #1.claims: unknown claim 'crashes.*'; known: modules.*, queues.*, "
        "modules.billiard-exists, queues.starves"),
    "on an unknown axis": ("concurrency = 4 }", 'ordr = "priority" }',
        "exclude #1.when: unknown axis 'ordr'; did you mean 'order'?"),
    "on an unknown variant": ("concurrency = 4 }", 'order = "prio" }',
        "exclude #1.when.order: unknown value 'prio'; did you mean 'priority'?"),
    "that matches no cell of its claims": ('["queues.*"]', '["modules.*"]',
        "exclude #1.when: matches no cell of the claims 'modules.*'; mend it, or leave the pattern out"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES.values(), ids=MISTAKES)
def test_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        load(tmp_path, queues=spoilt(QUEUES, old, new))
    assert str(refused.value) == message


@pytest.mark.parametrize(("old", "new", "message"), EXCLUSIONS.values(), ids=EXCLUSIONS)
def test_exclusion_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        load(tmp_path, matrix=spoilt(MATRIX, old, new))
    assert str(refused.value) == f"matrix.toml: {message}"


def test_no_toml(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^claims/queues\.toml: is not TOML: .*line 2") as refused:
        load(tmp_path, queues="[[claim]]\nid queues\n")
    assert "\n" not in str(refused.value)


def test_file_without_claims(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^claims/queues\.toml: claim: is missing; add it$"):
        load(tmp_path, queues="")


@pytest.mark.parametrize("made", [True, False], ids=["folder empty", "folder missing"])
def test_no_files(tmp_path: Path, made: bool) -> None:
    matrix = load_matrix(write_matrix(tmp_path))
    if made:
        write_claims(tmp_path)
    with pytest.raises(BadInput, match=r"^claims: holds no \*\.toml; name the folder of the catalogue$"):
        load_catalogue(tmp_path / "claims", matrix, {})


def test_claim_unknown(tmp_path: Path) -> None:
    _, catalogue = load(tmp_path)
    with pytest.raises(BadInput, match=r"unknown claim 'queues\.starve'; did you mean 'queues\.starves'\?$"):
        catalogue.named("queues.starve")


def test_read_as_written(tmp_path: Path) -> None:
    _, catalogue = load(tmp_path)
    claim = catalogue.named("queues.starves")
    assert list(catalogue) == ["modules.billiard-exists", "queues.starves"]
    assert (claim.subject, claim.kind, claim.pools) == ("queues", "always", ("prefork", "solo"))
    assert claim.says == "An earlier queue starves a later one."
    assert (claim.over, claim.mutants) == (("concurrency",), (Mutant("rotates-queues"),))
    assert claim.variants == {"order": ("round_robin", "priority")}
    assert claim.sources == (Source("004", "Several queues"),)


def test_document_that_is_not_listed_is_taken_as_it_is(tmp_path: Path) -> None:
    _, catalogue = load(tmp_path)
    assert catalogue["modules.billiard-exists"].sources == (Source("001", "Billiard"),)
    assert list(catalogue.documents) == ["004", "005"]


def test_static_claim_has_one_cell(tmp_path: Path) -> None:
    matrix, catalogue = load(tmp_path)
    assert catalogue["modules.billiard-exists"].whole(matrix) == (STATIC,)


def test_static_claim_has_its_rules_and_variants(tmp_path: Path) -> None:
    rule = '\n[[claim.expected]]\nwhen = { name = "old" }\nverdict = "n/a"\nbecause = "it is gone"\n'
    text = f'{MODULES}[claim.variants]\nname = ["old", "new"]\n{rule}'
    matrix = load_matrix(write_matrix(tmp_path))
    catalogue = load_catalogue(write_claims(tmp_path, queues=QUEUES, modules=text), matrix, {})
    claim = catalogue["modules.billiard-exists"]
    expected = {cell.id: claim.expect(cell).verdict for cell in claim.whole(matrix)}
    assert expected == {"static-old": "n/a", "static-new": "holds"}


def test_whole_has_every_cell_once_the_excluded_too(tmp_path: Path) -> None:
    matrix, catalogue = load(tmp_path)
    whole = catalogue["queues.starves"].whole(matrix)
    assert len(whole) == len(set(whole)) == (3 + 2) * 3 * 2
    assert Cell("solo", 4, 0, (("order", "priority"),)) in whole


def test_first_rule_that_fits_decides_and_holds_is_the_default(tmp_path: Path) -> None:
    first = f'{SECOND}when = {{ order = "round_robin", pool = "solo" }}\nverdict = "holds"\n'
    _, catalogue = load(tmp_path, queues=spoilt(QUEUES, SECOND, first + SECOND))
    claim = catalogue["queues.starves"]
    rotating, fixed = (("order", "round_robin"),), (("order", "priority"),)
    assert claim.expect(Cell("solo", 1, 4, rotating)) == Expected(
        "holds", when={"order": "round_robin", "pool": "solo"}
    )
    assert claim.expect(Cell("prefork", 1, 4, fixed)) == HOLDS
    assert claim.expect(Cell("prefork", 1, 4, rotating)) == Expected(
        verdict="refuted",
        because="the default strategy rotates the queues",
        instead="The queues take turns.",
        shown_by="takes_turns",
        since="kombu 4.0",
        see="kombu/transport/redis.py, Channel.queue_order_strategy",
        when={"order": "round_robin"},
    )


def test_rule_without_when_is_for_every_cell(tmp_path: Path) -> None:
    matrix, catalogue = load(tmp_path, queues=spoilt(QUEUES, WHEN, ""))
    claim = catalogue["queues.starves"]
    assert {claim.expect(cell).verdict for cell in claim.whole(matrix)} == {"refuted"}


def test_own_catalogue_is_sound() -> None:
    assert {claim.subject for claim in CATALOGUE.values()} == {
        file.stem for file in (ROOT / "suites" / "claims").glob("*.toml")
    }
