"""What a message contains, and how a client gets a result."""
