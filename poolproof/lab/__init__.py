"""One worker lifetime: its database, its workers, a client, and what is seen of them."""
