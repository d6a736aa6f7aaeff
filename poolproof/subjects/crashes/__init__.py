"""What is lost when a task crashes, and what is reported of the cause."""
