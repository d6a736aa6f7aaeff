"""When greenlets switch, and what they share."""
