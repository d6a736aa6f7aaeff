"""Every text of a record stays text: it ends no cell, no span, no block and no list."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.report.render.escaping import inline
from poolproof.report.say.content import (
    Code,
    Evidence,
    Fact,
    Group,
    Groups,
    Heading,
    Items,
    Link,
    Strong,
    Table,
    columns,
    written,
)
from tests.markdown import cells, shown
from tests.markdown import columns as width

printed = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(printed, printed), max_size=5))
def test_a_table_keeps_its_shape_whatever_its_cells_hold(body: list[tuple[str, str]]) -> None:
    made = tuple(((Code(left),), written(right)) for left, right in body)
    lines = shown([Table(columns("a", "b", others="center"), made)]).splitlines()
    assert len(lines) == 2 + len(body)
    assert len({width(line) for line in lines}) == 1
    assert [cells(line) for line in lines[2:]] == [[inline(cell) for cell in row] for row in made]


@given(st.lists(st.tuples(printed, printed), max_size=5))
def test_groups_keep_their_shape_whatever_they_hold(body: list[tuple[str, str]]) -> None:
    groups = tuple(Group(written(name), ((Code(item),), written(item))) for name, item in body)
    lines = shown([Groups("a", "b", groups)]).splitlines()
    assert len({width(line) for line in lines}) == 1
    assert all(len(cells(line)) == 2 for line in lines)


@given(printed)
def test_code_cannot_break_out_of_its_span(text: str) -> None:
    span = inline((Code(text),))
    fence = re.match("`+", span)
    assert fence is not None
    inside = span[len(fence[0]) : -len(fence[0])]
    assert span.endswith(fence[0])
    assert fence[0] not in re.findall("`+", inside)


@given(st.lists(printed, min_size=1, max_size=4))
def test_text_cannot_break_out_of_its_block(texts: list[str]) -> None:
    evidence = Evidence(tuple(Fact("worker", text, command=True) for text in texts))
    first, *inside, last = shown([evidence]).splitlines()
    assert first == last + "text"
    assert len(inside) == len(texts)
    assert not any(line.startswith(last) for line in inside)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b", "a | b"),
        ("a\nb\tc", "a b c"),
        ("*bold*", r"\*bold\*"),
        ("redis_py, __init__", r"redis_py, \__init_\_"),
        ("<script>", r"\<script>"),
        ("[x](y)", r"\[x\](y)"),
        ("`-c 1` of *n*", r"`-c 1` of \*n\*"),
        ("red \x1b[31m", r"red \\x1b\[31m"),
        ("&lt; at & t", r"\&lt; at & t"),
        ("~~gone~~", r"\~\~gone\~\~"),
        ("one ` tick", r"one \` tick"),
        ("```<b>``", r"\`\`\`\<b>\`\`"),
    ],
)
def test_text_stays_text(text: str, escaped: str) -> None:
    assert inline(written(text)) == escaped


def test_what_an_underscore_means_depends_on_the_part_before_it() -> None:
    assert inline(("redis", "_py")) == "redis_py"


def test_words_that_are_marked_stay_text_too() -> None:
    assert inline((Strong("a*b"), " ", Link("[x]", to=("The `end`: 1.",)))) == r"**a\*b** [\[x\]](#the-end-1)"


@pytest.mark.parametrize(
    ("start", "escaped"),
    [
        *(("-", r"\-"), ("+", r"\+"), ("#", r"\#"), ("##", r"\##"), (">", r"\>"), (">a", r"\>a")),
        *(("1.", r"1\."), ("12)", r"12\)"), ("---", r"\---"), ("==", r"\=="), ("<p>", r"\<p>"), ("|", r"\|")),
    ],
)
def test_a_wrapped_line_becomes_no_list_heading_or_quotation(start: str, escaped: str) -> None:
    text = shown([Items(((f"{'x' * 95} {start} word",),))])
    assert text == f"- {'x' * 95}\n  {escaped} word\n"


@pytest.mark.parametrize("start", ["<script>", "# a", "- a", "> a", "``` a"])
def test_a_code_span_is_not_broken_where_its_next_line_would_begin_a_block(start: str) -> None:
    item = (f"{'x' * 90} ", Code(f"kept {start} to the end"))
    _, *others = shown([Items((item,))]).splitlines()
    assert not [line for line in others if line.strip().startswith(start)]


def test_tables_of_one_family_are_equally_wide_and_others_are_not() -> None:
    short, long = (
        Table(columns("a"), (((text,),),), family) for text, family in (("x", "f"), ("x" * 9, "f"))
    )
    alone = Table(columns("a"), ((("x",),),))
    lines = shown([short, Heading(2, ("b",)), long, alone]).splitlines()
    assert [width(line) for line in lines if line.startswith("|")] == [13] * 6 + [7] * 3
