"""The application of a document's example project: three modules of tasks, and a queue for each of them."""

from __future__ import annotations

from celery import Celery

from probes.project import loaded, observed

loaded(__name__)

SUBJECTS = ("basic", "advanced", "realworld")

app = Celery("celery_app", include=[f"tasks.{subject}_tasks" for subject in SUBJECTS])
app.conf.task_routes = {f"tasks.{subject}_tasks.*": {"queue": subject} for subject in SUBJECTS}
observed(app)
