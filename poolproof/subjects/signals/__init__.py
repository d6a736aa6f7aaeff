"""What signals do to a worker and to its children, and what becomes of the tasks."""
