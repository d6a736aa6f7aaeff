"""How a worker asks Redis for messages: with what, how long, over what, in which order."""
