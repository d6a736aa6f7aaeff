"""What a machine gives and takes back: processes, brokers, turns, deadlines, room on the disk."""
