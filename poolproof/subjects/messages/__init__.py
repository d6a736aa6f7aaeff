"""What a message holds, and how a client gets a result."""
