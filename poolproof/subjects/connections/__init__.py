"""Who connects to the broker and the result back end, and over which connection."""
