"""Judges what a crash did: to the manager, to the place of the dead child, to the other tasks."""

from __future__ import annotations

from probes.judgement import Judgement, check
from probes.observations.crashes import Crash


@check
def contained(crash: Crash) -> Judgement:
    """True when the manager lives on, the dead child has a successor, and each other task ended once."""
    before, after = crash.before, crash.after
    same_manager = bool(after.manager and before.manager and after.manager.pid == before.manager.pid)
    replaced = len(after.children) == len(before.children) and crash.victim not in after.pids
    ended = crash.history.only(crash.bystanders).tasks("ended")
    finished = sorted(ended) == sorted(crash.bystanders)
    return Judgement(
        same_manager and replaced and finished,
        f"manager {'alive with its pid' if same_manager else f'gone ({crash.exit_status})'}; "
        f"{len(before.children)} children before, {len(after.children)} after; "
        f"{len(ended)} of {len(crash.bystanders)} other tasks ended",
    )


@check
def worker_gone(crash: Crash) -> Judgement:
    """True when the whole worker ended with the task that crashed."""
    gone = crash.after.manager is None and crash.exit_status is not None
    ended = len(crash.history.only(crash.bystanders).tasks("ended"))
    return Judgement(
        gone,
        f"worker {f'ended with status {crash.exit_status}' if gone else 'still runs'}; "
        f"{ended} of {len(crash.bystanders)} other tasks ended",
    )
