"""What is done to a worker, and what was seen while it was done. All waiting is here."""
