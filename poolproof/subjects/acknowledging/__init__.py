"""What happens to a message that a worker has taken: when a task outlasts its time, or a worker is killed."""
