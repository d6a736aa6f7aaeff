"""Judges process trees: how many processes, how many threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from probes.judgement import Judgement, check
from probes.observations.processes import Tree

Moments = Iterable[tuple[str, Tree]]


@check
def one_process_one_thread(moments: Moments) -> Judgement:
    """True when the worker is one process with one thread at every moment."""
    return _at_every_moment(moments, lambda tree: _counts(tree) == (1, 0, 1))


@check
def manager_and_children(moments: Moments, children: int) -> Judgement:
    """True when exactly `children` processes stand below the manager at every moment."""
    return _at_every_moment(moments, lambda tree: _counts(tree)[:2] == (1, children))


@check
def no_child(moments: Moments) -> Judgement:
    """True when no process stands below the one that was started, at any moment."""
    return _at_every_moment(moments, lambda tree: _counts(tree)[:2] == (1, 0))


@check
def single_threaded_processes(moments: Moments) -> Judgement:
    """True when each process, the manager and every child, has one thread at every moment."""
    seen = [(moment, _threads(tree)) for moment, tree in moments]
    evidence = "; ".join(f"{moment}: threads of each process {counts}" for moment, counts in seen)
    alone = all(len(counts) > 1 and set(counts) == {1} for _, counts in seen)
    return Judgement(bool(seen) and alone, evidence)


def _threads(tree: Tree) -> list[int]:
    """How many threads each process has, the manager's first; empty when it is gone."""
    return [len(each.threads) for each in (tree.manager, *tree.children) if tree.manager and each]


def _counts(tree: Tree) -> tuple[int, int, int]:
    if tree.manager is None:
        return 0, len(tree.children), 0
    return 1, len(tree.children), len(tree.manager.threads)


def _at_every_moment(moments: Moments, holds: Callable[[Tree], bool]) -> Judgement:
    seen = list(moments)
    evidence = "; ".join(f"{moment}: {tree}" for moment, tree in seen)
    return Judgement(bool(seen) and all(holds(tree) for _, tree in seen), evidence)
