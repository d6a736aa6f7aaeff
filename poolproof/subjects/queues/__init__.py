"""In which order a worker serves its queues."""
