"""What a run uses of the machine: processes, brokers, turns, deadlines, disk space."""
