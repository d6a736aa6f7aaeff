"""The Celery application of the worker under test: Celery's defaults, and nothing that hides behaviour."""

from __future__ import annotations

from celery import Celery

from probes.app.settings import SETTINGS

app = Celery("probes.app", broker=SETTINGS.broker, backend=SETTINGS.broker)
app.conf.update(
    worker_hijack_root_logger=True,
    broker_connection_retry_on_startup=True,
    **SETTINGS.conf,
)
