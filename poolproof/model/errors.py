"""The ways in which a run can fail; they are separate because different people need to know."""

from __future__ import annotations


class BadInput(Exception):
    """The user's input cannot be used: one line that names the place, the mistake and the correction."""


class Void(Exception):
    """The claim could not be tested, so the trial says nothing about it; the text is the reason."""


class InstrumentError(Exception):
    """Poolproof itself failed, so its results cannot be trusted."""


class RunLost(InstrumentError):
    """The run cannot continue, and what it has recorded is kept."""
