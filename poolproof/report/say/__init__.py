"""The content of pages about runs, as values."""
