"""What signals do to a worker and to its children, and what happens to the tasks."""
