"""What is loaded where, and what a start does in which order."""
