"""The checks of memory, and the reading of smaps, on good and bad observations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.lab.observe.memory import parse
from poolproof.model.regions import Region
from poolproof.subjects.memory.checks import (
    code_is_read_only,
    code_is_written_to,
    needs_more,
    shares_by_fork,
    shares_files_alone,
    solo_needs_least,
    weighs_half_a_process,
    weighs_whole_processes,
)
from poolproof.subjects.memory.seen import ChildrenPages, Code, Weight, Weights
from poolproof.subjects.memory.stimulus import EACH, tasks_of_each

SMAPS = """\
55d0c000-55d0e000 rw-p 00000000 00:00 0                                  [heap]
Size:                 16 kB
Shared_Clean:          0 kB
Shared_Dirty:          8 kB
Private_Clean:         0 kB
Private_Dirty:         4 kB
Private_Hugetlb:       0 kB
VmFlags: rd wr mr mw me ac sd
7f000000-7f001000 r--s 00000000 00:01 42                                 /usr/lib/a library.so
Shared_Clean:          4 kB
Private_Clean:         0 kB
"""


def weights(worker: float, solo: float, children: int = 1, solo_at_work: float = 0) -> Weights:
    beside = Weight("solo", solo, 1, solo - 3)
    other = Weight("prefork", worker, children + 1, worker - 3)
    return Weights(other, beside, other, replace(beside, own=(solo_at_work or solo) - 3))


def region(shared: int = 0, private: int = 0, *, permissions: str = "rw-p", path: str = "") -> Region:
    return Region(0x1000, 0x2000, permissions, path, shared, private)


def test_smaps_are_read() -> None:
    heap, library = parse(SMAPS.splitlines())
    assert heap == Region(0x55D0C000, 0x55D0E000, "rw-p", "[heap]", 8, 4)
    assert heap.writable
    assert heap.anonymous
    assert library.path == "/usr/lib/a library.so"
    assert (library.shared, library.writable, library.anonymous) == (4, False, False)


@pytest.mark.parametrize(("worker", "so"), [(57.0, True), (46.0, True), (45.9, False), (30.0, False)])
def test_needs_more(worker: float, so: bool) -> None:
    judgement = needs_more(weights(worker, 40.0))
    assert bool(judgement) is so
    assert judgement.margin == pytest.approx(worker / 46)


@pytest.mark.parametrize(("solo", "so"), [(20.0, True), (40.0, True), (40.1, True), (40.2, False)])
def test_solo_needs_least(solo: float, so: bool) -> None:
    judgement = solo_needs_least(weights(40.0, solo))
    assert bool(judgement) is so
    assert judgement.facts["solo_own_mib"] == solo - 3


def test_solo_that_needs_more_only_while_it_works_does_not_need_least() -> None:
    judgement = solo_needs_least(weights(40.0, 39.0, solo_at_work=41.0))
    assert not judgement
    assert judgement.evidence.endswith("0.973 of it, and 1.027 while tasks ran; 1.004 or less allowed")
    assert judgement.facts["solo_at_work_own_mib"] == 38.0


def test_each_child_must_have_run_enough_tasks_before_its_pages_say_anything() -> None:
    assert tasks_of_each({7: EACH, 8: EACH + 1}, {7, 8}) == EACH
    assert tasks_of_each({7: EACH, 8: EACH - 1}, {7, 8}) == 0
    assert tasks_of_each({7: EACH}, {7, 8}) == tasks_of_each({}, ()) == 0


@pytest.mark.parametrize(("worker", "so"), [(120.0, True), (112.0, True), (80.0, False), (40.0, False)])
def test_weighs_whole_processes(worker: float, so: bool) -> None:
    assert bool(weighs_whole_processes(weights(worker, 40.0, 2), children=2)) is so


def test_the_weight_of_a_child_is_in_the_evidence() -> None:
    judgement = weighs_whole_processes(weights(80.0, 40.0, 2), children=2)
    assert "prefork 80.0 MiB (3 processes), solo 40.0 MiB (1 process)" in judgement.evidence
    assert "each of 2 children adds 20.0 MiB, 0.50 of a whole process" in judgement.evidence
    assert judgement.facts == {
        "worker_pss_mib": 80.0,
        "solo_pss_mib": 40.0,
        "worker_processes": 3,
        "of_a_process_each_child_share": 0.5,
    }
    assert ": the child adds 20.0 MiB" in weighs_whole_processes(weights(60.0, 40.0), children=1).evidence


@pytest.mark.parametrize(
    ("worker", "so"), [(120.0, False), (100.0, True), (80.0, True), (60.0, True), (50.0, False)]
)
def test_weighs_half_a_process(worker: float, so: bool) -> None:
    assert bool(weighs_half_a_process(weights(worker, 40.0, 2), children=2)) is so


@pytest.mark.parametrize(
    ("mapped", "so"),
    [
        ((region(0, 1024), region(64, path="/usr/lib/libc.so")), True),
        ((region(20, 1024), region(64, path="/usr/lib/libc.so")), False),
        ((region(0, 1024),), False),
        ((), False),
    ],
    ids=["files alone", "objects as well", "nothing", "no mapping"],
)
def test_shares_files_alone(mapped: tuple[Region, ...], so: bool) -> None:
    good = region(0, 1024), region(64, path="/usr/lib/libc.so")
    assert bool(shares_files_alone(ChildrenPages({7: good, 8: mapped}))) is so


def test_shares_by_fork() -> None:
    judgement = shares_by_fork(ChildrenPages({7: (region(1024, 1024), region(path="[heap]", private=1024))}))
    assert judgement
    assert judgement.evidence == "child 7: 1.0 of its 3.0 MiB of objects are shared"
    assert judgement.facts == {"children": 1, "least_inherited_share": pytest.approx(1 / 3)}


@pytest.mark.parametrize(
    "mapped",
    [(), (region(0, 1024),), (region(240, 760),), (region(0, 9), region(9999, 0, path="/usr/lib/libc.so"))],
    ids=["nothing", "all its own", "too little", "files alone"],
)
def test_one_child_that_shares_nothing_refutes(mapped: tuple[Region, ...]) -> None:
    assert not shares_by_fork(ChildrenPages({7: (region(1024, 1024),), 8: mapped}))


def test_code_is_read_only() -> None:
    assert code_is_read_only([Code(7, 0x1500, region(permissions="r--s"))])


@pytest.mark.parametrize("where", [region(), region(path="[heap]"), None], ids=["mapping", "heap", "nowhere"])
def test_one_child_with_writable_code_refutes(where: Region | None) -> None:
    assert not code_is_read_only([Code(7, 0x1500, region(permissions="r-xp")), Code(8, 0x1500, where)])


MACHINE = region(permissions="r-xp", path="/usr/lib/libc.so")
HEAP = region(8, 4)


@pytest.mark.parametrize(
    ("code", "so"),
    [
        (Code(8, 0x1500, HEAP, (MACHINE,)), True),
        (Code(8, 0x1500, region(8, 0), (MACHINE,)), False),
        (Code(8, 0x1500, region(8, 4, permissions="r--p"), (MACHINE,)), False),
        (Code(8, 0x1500, region(8, 4, path="/usr/lib/tasks.so"), (MACHINE,)), False),
        (Code(8, 0x1500, HEAP, (region(permissions="rwxp", path="/usr/lib/libc.so"),)), False),
        (Code(8, 0x1500, HEAP), False),
        (Code(8, 0x1500, None, (MACHINE,)), False),
    ],
    ids=["written", "not written", "read-only", "in a file", "machine code writable", "no files", "nowhere"],
)
def test_code_is_written_to(code: Code, so: bool) -> None:
    assert bool(code_is_written_to([Code(7, 0x1500, HEAP, (MACHINE,)), code])) is so


def test_no_child_at_all_proves_nothing() -> None:
    assert not shares_files_alone(ChildrenPages({}))
    assert not code_is_written_to([])
    assert not shares_by_fork(ChildrenPages({}))
    assert not code_is_read_only([])
