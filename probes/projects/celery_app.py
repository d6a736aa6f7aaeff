"""The application of document 003's example project: three modules of tasks, and a queue for each of them."""

from __future__ import annotations

from celery import Celery

from probes.project import loaded, observed
from probes.shared.printed import document_003

loaded(__name__)

app = Celery(document_003.APPLICATION, include=[*document_003.TASK_MODULES])
app.conf.task_routes = document_003.ROUTES
observed(app)
