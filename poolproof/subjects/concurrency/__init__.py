"""How many tasks run at once, and in which order."""
