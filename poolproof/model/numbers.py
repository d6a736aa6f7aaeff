"""How many measurements a figure needs before it is printed."""

from __future__ import annotations

COVERAGE = 0.9
"""An interval covers at least this, where the number of repetitions allows it."""

LEAST_FOR_P99 = 100
"""Tasks; with fewer, the 99th percentile is the longest duration."""
