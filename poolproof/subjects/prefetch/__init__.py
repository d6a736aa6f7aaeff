"""How many messages a worker takes off its queue before it can run them, and who may run them then."""
