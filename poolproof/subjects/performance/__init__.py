"""Which pool is faster, in cases where a mechanism decides it."""
