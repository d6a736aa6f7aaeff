"""The errors by which a broker is known to be lost."""

from __future__ import annotations

import kombu
import redis

BROKER_ERRORS = (redis.ConnectionError, redis.TimeoutError, kombu.exceptions.OperationalError)
