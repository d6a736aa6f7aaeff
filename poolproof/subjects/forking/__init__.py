"""What a forked child has in common with its manager: pages, heap, stack and open files."""
