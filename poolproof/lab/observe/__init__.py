"""What is observed of a worker from outside: events, processes, sockets, memory, commands to the broker."""
