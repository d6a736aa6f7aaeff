"""What a forked child shares with its manager: pages, heap, stack and open files."""
