"""A house for each attempt at a run: the real instrument, and a few claims that are quick to test."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from tests.toml_samples import MATRIX, spoilt

ROOT = Path(__file__).parent.parent
REAL = ("conftest.py", "pyproject.toml", "poolproof", "probes")
SMALL = {
    '["prefork", "solo"]': '["solo", "eventlet"]',
    "prefork = { values = [1, 2, 4], default = 2 }": "eventlet = { values = [1], default = 1 }",
    "solo = { values = [1, 4]": "solo = { values = [1, 2, 3, 4]",
    '"queues.*"': '"house.answers"',
}
"""What is changed in the sample of a matrix: four cells of solo, one of them left out; nothing is timed."""

CLAIM = """
[[claim]]
id = "house.{slug}"
says = "The house {slug}."
kind = "{kind}"
pools = {pools}
over = {over}

[claim.sources]
000 = ["Houses"]
"""
DOCUMENTS = """
[[document]]
id = "000"
title = "On houses"

[[document.section]]
name = "Houses"
"""
SOLO = {"kind": "always", "pools": ["solo"], "over": ["concurrency"]}
ROOMS = [f"r{n}" for n in range(8)]
STATIC = {"kind": "static", "pools": [], "over": f"[]\nvariants = {{ room = {ROOMS} }}"}

HEAD = '''
"""Claims that hold, are refuted, break as no claim should, wait until something happens, need no worker."""

import pytest

from poolproof.model.judgement import Judgement, check
from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker


@check
def so(satisfied: bool) -> Judgement:
    return Judgement(satisfied, "so it is " * 60)
'''
FUNCTIONS = {
    "answers": """
def test_answers(lab: Lab, worker: Worker) -> None:
    lab.witness(workers=len(lab.workers))
    assert so(worker.alive)
""",
    "lies": """
def test_lies(lab: Lab) -> None:
    lab.start()
    lab.witness(workers=len(lab.workers))
    assert so(False)
""",
    "breaks": """
def test_breaks(lab: Lab) -> None:
    raise RuntimeError("the house breaks")
""",
    "waits": """
def test_waits(lab: Lab) -> None:
    lab.start()
    lab.witness(workers=len(lab.workers))
    if lab.cell.concurrency > 1:
        (lab.folder / "waiting").touch()
        while not (lab.folder / "released").exists():
            lab.client.blpop(["nothing"], timeout=0.1)
    assert so(True)
""",
    "stands": """
def test_stands(lab: Lab) -> None:
    lab.witness(rooms=1)
    assert so(True)
""",
}
MARKS = {"answers": ", shares=True"}
"""The arguments of a function's mark after the id."""


def build(folder: Path, claims: Collection[str] = tuple(FUNCTIONS), **spoil: tuple[str, str]) -> Path:
    """Build the house below `folder`, with one text of its matrix, documents, catalogue or suite changed."""
    texts = {"matrix": _matrix(), "catalogue": _catalogue(claims), "suite": _suite(claims)}
    texts["documents"] = DOCUMENTS
    for name, change in spoil.items():
        texts[name] = spoilt(texts[name], *change)
    (folder / "suites" / "claims").mkdir(parents=True)
    for name in REAL:
        real, copy = ROOT / name, folder / name
        shutil.copytree(real, copy) if real.is_dir() else shutil.copy(real, folder)
    (folder / "suites" / "__init__.py").touch()
    (folder / "results").mkdir()
    shutil.copy(ROOT / "results" / "schema.json", folder / "results")
    (folder / "matrix.toml").write_text(texts["matrix"])
    (folder / "suites" / "documents.toml").write_text(texts["documents"])
    (folder / "suites" / "claims" / "house.toml").write_text(texts["catalogue"])
    (folder / "suites" / "test_house.py").write_text(texts["suite"])
    return folder


def _matrix() -> str:
    text = MATRIX
    for old, new in SMALL.items():
        text = spoilt(text, old, new)
    return text


def _catalogue(claims: Collection[str]) -> str:
    return "".join(CLAIM.format(slug=slug, **(STATIC if slug == "stands" else SOLO)) for slug in claims)


def _suite(claims: Collection[str]) -> str:
    marked = (
        f'\n\n@pytest.mark.claim("house.{slug}"{MARKS.get(slug, "")}){FUNCTIONS[slug]}' for slug in claims
    )
    return HEAD + "".join(marked)
