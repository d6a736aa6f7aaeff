"""How fast work is done: what is timed, how it is proved right, and what its figures are compared with."""
