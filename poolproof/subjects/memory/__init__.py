"""How much memory a worker uses, and which memory its processes share."""
