"""The exceptions that mean that the broker is lost."""

from __future__ import annotations

import kombu
import redis

BROKER_ERRORS = (redis.ConnectionError, redis.TimeoutError, kombu.exceptions.OperationalError)
