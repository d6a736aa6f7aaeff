"""What happens to each message."""
