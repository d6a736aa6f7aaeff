"""Which process loads what, and in which order a worker starts its parts."""
