"""Which pool is faster, where a mechanism decides it."""
