"""The tasks that a worker under test runs, one module a subject."""

from __future__ import annotations

import importlib
import sys

from probes.modules import import_all

import_all(sys.modules[__name__])
# A spawned child starts from the tasks of its pickled application, so these import all that a worker loads.
importlib.import_module("probes.app")
