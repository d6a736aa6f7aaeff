"""What tasks and processes share."""
