"""How many messages a worker takes before it can run them, and which process runs them."""
