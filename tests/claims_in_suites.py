"""The claims of suites/ with their functions, for tests that run them without pytest's help."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolproof.catalogue import plan
from poolproof.catalogue.claims import Claim
from poolproof.catalogue.documents import load_documents
from poolproof.catalogue.load import load_catalogue
from poolproof.catalogue.matrix import load_matrix
from poolproof.model.cells import Cell
from poolproof.run.trials import Question

ROOT = Path(__file__).resolve().parents[1]
MATRIX = load_matrix(ROOT / "matrix.toml")
DOCUMENTS = load_documents(ROOT / "suites" / "documents.toml")
CATALOGUE = load_catalogue(ROOT / "suites" / "claims", MATRIX, DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Put:
    """A function of suites/ and the arguments of its mark."""

    function: Callable[..., None]
    options: dict[str, Any]


def functions() -> Iterator[tuple[str, Put]]:
    """Each claim id that a mark in suites/ names, with its function."""
    for file in sorted((ROOT / "suites").glob("test_*.py")):
        module = importlib.import_module(f"suites.{file.stem}")
        for _, function in inspect.getmembers(module, inspect.isfunction):
            for mark in getattr(function, "pytestmark", ()):
                if mark.name == "claim":
                    yield mark.args[0], Put(function, mark.kwargs)


def cells_of(claim: Claim, pool: str, expected: str = "") -> list[Cell]:
    """The cells at the pool's defaults, one a variant, that are expected to have this verdict, or any."""
    defaults = (MATRIX.default("concurrency", pool), MATRIX.default("prefetch", pool))
    cells = plan.cells(claim, pool, "smoke", MATRIX, seed=0)
    fitting = [cell for cell in cells if expected in ("", claim.expect(cell).verdict)]
    at_defaults = [cell for cell in fitting if (cell.concurrency, cell.prefetch) == defaults]
    return at_defaults or fitting


def question(claim: Claim, cell: Cell, *mutants: str) -> Question:
    """The claim in that cell, to be tested on a worker with these mutants."""
    put = dict(functions())[claim.id]
    return Question(claim, cell, put.function, mutants=mutants, **put.options)
