"""The tasks that a worker under test runs, one module a subject."""

from __future__ import annotations

import sys

from probes.modules import import_all

import_all(sys.modules[__name__])
