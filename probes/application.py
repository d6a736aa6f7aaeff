"""The Celery application of the worker under test: Celery's defaults, with results stored in the broker."""

from __future__ import annotations

from celery import Celery

from probes.settings import SETTINGS
from probes.watch import watch

app = Celery("probes.app", broker=SETTINGS.broker, backend=SETTINGS.broker)
app.conf.update(**SETTINGS.conf)
if SETTINGS.watched:
    watch(app)
