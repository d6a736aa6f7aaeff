"""Where each step of a task happens."""
