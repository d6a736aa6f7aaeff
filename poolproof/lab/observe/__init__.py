"""What is seen of a worker from outside: events, processes, sockets, memory, commands on the wire."""
