"""Which processes and threads a worker consists of."""
