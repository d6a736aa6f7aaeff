"""The ways in which a run can go wrong, separate because each has another reader."""

from __future__ import annotations


class BadInput(Exception):
    """What the user gave cannot be used: one line that names the place, the mistake and the mend."""


class Void(Exception):
    """The question could not be put, so the trial says nothing about the claim; the text is the reason."""


class InstrumentError(Exception):
    """Poolproof itself failed, so nothing that it would say now can be trusted."""


class RunLost(InstrumentError):
    """The run cannot go on, and what it has recorded is kept."""
