"""What there is to say about runs, as values."""
