"""What a task that crashes costs, and what is seen of its cause."""
