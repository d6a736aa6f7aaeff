"""What there is to say about runs."""
