"""How fast work is done: what is timed, what proves it right, and what its figures are measured against."""
