"""The code keeps its limits: allowed imports, the length of files and functions, plain words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODEL, CATALOGUE, HOST, LAB = (f"poolproof.{name}" for name in ("model", "catalogue", "host", "lab"))
SUBJECTS, TIMING, RUN, REPORT = (f"poolproof.{name}" for name in ("subjects", "timing", "run", "report"))
CLI = "poolproof.cli"
SHARED, PRINTED = "probes.shared", "probes.shared.printed"
ARROWS: dict[str, tuple[str, ...]] = {
    MODEL: (),
    "probes": (SHARED, PRINTED),
    SHARED: (),
    PRINTED: (),
    CATALOGUE: (MODEL,),
    HOST: (MODEL,),
    REPORT: (MODEL,),
    LAB: (HOST, MODEL, SHARED),
    SUBJECTS: (LAB, HOST, MODEL, SHARED, PRINTED),
    TIMING: (LAB, SUBJECTS, CATALOGUE, HOST, MODEL, SHARED),
    RUN: (LAB, SUBJECTS, TIMING, CATALOGUE, HOST, MODEL, SHARED),
    CLI: (RUN, REPORT),
    "suites": (LAB, SUBJECTS, TIMING, PRINTED),
    "suites.conftest": (RUN, TIMING, CATALOGUE, MODEL),
}
"""The parts that each part may import from, besides itself."""
REPORT_ARROWS = {"read": (), "say": ("read",), "render": ("say",)}
MARKUP = re.compile(r"[`|✓✗◐○]|\*\*|</?\w|\]\(|^#+ |^[-*>] ", re.MULTILINE)
"""Markdown, HTML, and the signs of verdicts, which only a renderer writes."""
LONGEST_FILE, LONGEST_FUNCTION = 300, 30
ROLES = ("stimulus", "seen", "checks")
"""How the name of each module of a subject begins."""
METAPHORS = "iff|crawls?|make room"
WORDS = "thrice|anew|lest|albeit|whence|for ever|for want of|whoever|nought|is had|are had|be had"
BANNED = re.compile(rf"\b({METAPHORS}|{WORDS})\b|, for (it|they|nobody|who|no|else)\b", re.IGNORECASE)


PLACE = re.compile(r"(?<![\w./<-])((?:poolproof|probes|suites|tools|publish|\.ci)/[\w/.<>*-]*)")
"""How our texts name a file or a folder of this project, or of an earlier layout."""
IMAGES = {"poolproof/side-by-side"}
"""Names of images that look like paths."""
IN_A_WHEEL = "poolproof/data/"
"""A folder that exists only in a wheel."""


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


OURS = [file for folder in ("poolproof", "probes", "suites") for file in files(folder)]
ALL = [*OURS, ROOT / "conftest.py", *files("tests"), *files("tools")]


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def part_of(name: str) -> str:
    """The longest name of a part that a module's name begins with."""
    parts = (each for each in ARROWS if name == each or name.startswith(f"{each}."))
    return max(parts, key=len, default="")


def imported(file: Path) -> Iterator[str]:
    """The name of each of our modules that a file imports."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


@pytest.mark.parametrize("file", named(OURS))
def test_a_part_imports_from_those_that_it_may_import_from(file: Path) -> None:
    here = part_of(module(file))
    allowed = {here, *ARROWS.get(here, ()), ""}
    assert [name for name in imported(file) if part_of(name) not in allowed] == []


@pytest.mark.parametrize("part", REPORT_ARROWS)
def test_a_page_is_rendered_from_what_is_said_and_said_from_what_is_read(part: str) -> None:
    allowed = {part, *REPORT_ARROWS[part]}
    for file in files(f"poolproof/report/{part}"):
        parts = {name.split(".")[2] for name in imported(file) if name.startswith(f"{REPORT}.")}
        assert parts <= allowed, file


@pytest.mark.parametrize("file", named(files("poolproof/report/say")))
def test_what_is_said_has_no_markup(file: Path) -> None:
    tree = ast.parse(file.read_text())
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained
    ]
    assert [text for text in texts if MARKUP.search(text)] == []


@pytest.mark.parametrize("file", named(files("poolproof/subjects")))
def test_a_module_of_a_subject_is_named_after_its_role(file: Path) -> None:
    assert file.stem == "__init__" or file.stem.partition("_")[0] in ROLES


@pytest.mark.parametrize("file", named(ALL))
def test_a_file_is_short_and_says_what_it_is_for(file: Path) -> None:
    text = file.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    assert ast.get_docstring(ast.parse(text)) or not text.strip()


@pytest.mark.parametrize("file", named(OURS))
def test_a_function_is_short(file: Path) -> None:
    long = [
        node.name
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - (node.body[0].end_lineno or 0) > LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize(
    "folder",
    [f for f in sorted((ROOT / "poolproof").rglob("*")) if f.is_dir() and f.name != "__pycache__"],
    ids=lambda f: str(f.relative_to(ROOT)),
)
def test_a_package_says_what_it_is_for(folder: Path) -> None:
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))


@pytest.mark.parametrize(
    "file", named([*ALL, *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("suites/**/*.toml"))])
)
def test_words_are_plain(file: Path) -> None:
    if file != Path(__file__):
        assert BANNED.findall(file.read_text()) == []


@pytest.mark.parametrize(
    "file",
    named(
        [
            *(file for file in ALL if file.parent != ROOT / "tests"),
            *sorted(ROOT.glob("*.md")),
            *sorted(ROOT.glob("*.toml")),
            *sorted(ROOT.glob("suites/**/*.toml")),
            *(
                ROOT / name
                for name in ("tox.ini", ".ci/run", "tools/lock", "tools/build_images", "results/schema.json")
            ),
        ]
    ),
)
def test_each_place_that_a_text_names_is_there(file: Path) -> None:
    places = {place.rstrip(".").replace("<subject>", "topology") for place in PLACE.findall(file.read_text())}
    here = {place for place in places - IMAGES if not place.startswith(IN_A_WHEEL)}
    assert [place for place in here if not [*ROOT.glob(place)]] == []
