"""What a worker weighs, and which memory its processes share."""
