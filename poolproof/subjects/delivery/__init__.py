"""What becomes of each message."""
