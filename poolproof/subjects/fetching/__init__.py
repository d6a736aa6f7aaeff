"""How a worker requests messages from Redis: by which command, for how long, over which connection."""
