"""When children are renewed."""
