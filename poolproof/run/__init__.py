"""One run from header to footer: its order, its trials, its record."""
