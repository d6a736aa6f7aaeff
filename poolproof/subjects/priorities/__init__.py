"""Which of two priorities a worker serves first."""
