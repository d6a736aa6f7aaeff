"""Catalogue, functions and mutants match: each claim has its function and mutants, and the reverse."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Callable
from textwrap import dedent

import pytest

from poolproof import subjects as checks
from poolproof.catalogue.claims import Claim
from poolproof.model.judgement import CHECKS
from tests.claims_in_suites import CATALOGUE, ROOT, functions

CLAIMS = list(CATALOGUE.values())
TEMPORAL = {"time", "subprocess", "signal", "os", "threading", "asyncio", "redis", "celery", "psutil"}


def mutants(file: str = "*.py") -> set[str]:
    """The names of the mutants of a file, read from the source, because only a worker can import it."""
    files = (ROOT / "probes" / "mutants").glob(file)
    return {
        node.name.replace("_", "-")
        for file in files
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id == "mutant" for mark in node.decorator_list)
    }


def test_each_claim_has_one_function_and_each_function_a_claim() -> None:
    asked = Counter(claim for claim, _ in functions())
    assert sorted(CATALOGUE.keys() - asked.keys()) == [], "no function puts these claims"
    assert sorted(asked.keys() - CATALOGUE.keys()) == [], "no entry of the catalogue has these claims"
    assert [claim for claim, count in asked.items() if count > 1] == [], "several functions put these claims"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_function_states_its_claim_in_the_words_of_the_catalogue(claim: Claim) -> None:
    stated = dict(functions())[claim.id].function.__doc__ or ""
    assert stated.split() == claim.says.split()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_mutants_of_a_claim_exist(claim: Claim) -> None:
    named = {mutant.name for mutant in (*claim.mutants, *claim.as_documented)}
    assert sorted(named - mutants()) == [], "no function in probes/mutants has these names"


def test_each_mutant_breaks_a_claim() -> None:
    named = {mutant.name for claim in CLAIMS for mutant in (*claim.mutants, *claim.as_documented)}
    in_no_cell = mutants("axes.py")  # tests/test_in_force.py has them
    assert mutants() - named == {"null-worker", *in_no_cell}


def test_each_name_has_one_check() -> None:
    files = (ROOT / "poolproof" / "subjects").glob("*/checks*.py")
    names = Counter(
        node.name
        for file in files
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id == "check" for mark in node.decorator_list)
    )
    assert [name for name, count in names.items() if count > 1] == []


SHOWN = [
    pytest.param(claim, name, id=f"{claim.id}-{name}")
    for claim in CLAIMS
    for name in dict.fromkeys(rule.shown_by for rule in claim.expected)
    if name
]


@pytest.mark.parametrize(("claim", "name"), SHOWN)
def test_what_is_true_instead_is_judged_from_what_the_claim_is_judged_from(claim: Claim, name: str) -> None:
    function = dict(functions())[claim.id].function
    called = [
        node.func.id
        for node in ast.walk(ast.parse(dedent(inspect.getsource(function))))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    (own,) = [CHECKS[each] for each in called if each in CHECKS]
    shows = checks.named(name)
    assert shows, f"there is no check {name!r}"
    assert _parameters(shows) == _parameters(own)


def _parameters(function: Callable[..., object]) -> list[tuple[str, object]]:
    return [(each.name, each.kind) for each in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("file", sorted((ROOT / "suites").glob("test_*.py")), ids=lambda file: file.stem)
def test_nothing_temporal_stands_in_a_claim(file: object) -> None:
    tree = ast.parse((ROOT / "suites" / str(file)).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name.partition(".")[0] for name in imported} & TEMPORAL
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try | ast.While | ast.For)]
