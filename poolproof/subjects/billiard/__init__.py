"""What billiard has and multiprocessing lacks, and the reverse; no worker is needed."""
