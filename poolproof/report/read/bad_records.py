"""Every way in which a record can be bad: one class each, so that it is refused for the right reason."""

from __future__ import annotations

from poolproof.model.errors import BadInput


class BadRecord(BadInput):
    """A record that no page can use; the text is one line with the file, the error and the mend."""


class Unreadable(BadRecord):
    """The file does not exist, or may not be read."""


class NotJson(BadRecord):
    """A line is not a JSON object."""


class NotInSchema(BadRecord):
    """A line lacks a field, or has one with a value that the schema does not know."""


class NewerSchema(BadRecord):
    """The record was written by a later Poolproof."""


class NoHeader(BadRecord):
    """The first line does not say what was run, and on what."""


class TwoRuns(BadRecord):
    """A second run follows the first in the same file."""


class NoFooter(BadRecord):
    """The run did not come to its end."""


class CutShort(NoFooter):
    """The run did not even come to the end of its last line."""


class UnknownClaim(BadRecord):
    """A line names a claim that the record does not introduce."""


class Doubled(BadRecord):
    """A claim, a trial, a cell or a benchmark is there twice."""


class MissingCell(BadRecord):
    """A cell, or a claim, that was planned is not there."""


class NoWitness(BadRecord):
    """A trial judges a claim without proof that the claim was exercised."""


class Contradiction(BadRecord):
    """Two lines cannot both be true."""


class InstrumentFailed(BadRecord):
    """The run itself says that the instrument failed."""


class Partial(BadRecord):
    """Only a selection of the claims was run, so this is not the result of the environment."""


class NotComparable(BadRecord):
    """Two runs differ in something other than the pool."""
