"""What a machine gives and takes back: processes, brokers, turns, deadlines, space on the disk."""
