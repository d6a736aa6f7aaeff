"""One run in progress: what happens to each verdict, and the end of the run."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from poolproof.host.disk import writable
from poolproof.lab.evidence import keep
from poolproof.model.errors import InstrumentError
from poolproof.model.record import Decided, Trial
from poolproof.model.verdict import Outcome
from poolproof.run.order import Order
from poolproof.run.trials import Question, TrialLoop
from poolproof.run.writer import RecordWriter
from poolproof.timing.timings import Timings


@dataclass(slots=True)
class Run:
    """A run whose record has begun: each line of the record is written to the disk at once.

    `undo` ends what was started for it. A run that was `cut`, or whose instrument `failed`, is not complete.
    """

    order: Order
    folder: Path
    record: RecordWriter
    loop: TrialLoop
    timings: Timings
    say: Callable[[str], None]
    undo: ExitStack
    begun: float
    cut: bool = False
    failed: bool = False

    def conclude(self, question: Question) -> Outcome | None:
        """Write the cell's line, keep the evidence if it was refuted or not decided, return the outcome."""
        assert question.verdict is not None
        if question.verdict in ("refuted", "inconclusive") and question.kept and question.kept.exists():
            keep(question.kept, self.folder / "evidence" / question.claim.id / question.cell.id)
        decisive = question.decisive
        return self.record.cell(
            question.claim.id,
            Decided(
                cell=question.cell,
                verdict=question.verdict,
                outcomes=question.outcomes,
                evidence=decisive.evidence + _summed(question),
                correction=decisive.correction,
                command=question.command,
                repeat=self.order.again(f"{question.claim.id}[{question.cell.id}]"),
                reason=undecided(decisive) if question.verdict == "inconclusive" else None,
            ),
            question.claim.expect(question.cell),
        )

    def close(self) -> int:
        """End everything that was started and write the footer; returns the exit status."""
        try:
            self.undo.close()
        except InstrumentError as error:
            self.failed = True
            self.say(f"ERROR: {error}")
        status = self.record.footer(time.monotonic() - self.begun, self.failed or self.cut)
        with writable(self.folder):
            link_latest(self.folder)
        return status


def undecided(decisive: Trial) -> str:
    """Why a cell is not decided, from its decisive trial."""
    if decisive.corrected is not False:
        return decisive.evidence
    return f"refuted, but not in the known way: {decisive.evidence}; instead: {decisive.correction}"


def _summed(question: Question) -> str:
    """How many messages all trials of a cell had together, if there were several trials."""
    messages = sum(trial.witness.get("messages", 0) for trial in question.trials)
    return (
        f"; {messages} messages in {len(question.trials)} trials" if messages and question.trials[1:] else ""
    )


def link_latest(folder: Path) -> None:
    """Let `latest` beside the run's folder point to it, even when another run ends at the same time."""
    link = folder.with_name(f".{folder.name}")
    link.symlink_to(folder.name)
    link.replace(folder.with_name("latest"))
