"""Which processes and threads a worker has."""
