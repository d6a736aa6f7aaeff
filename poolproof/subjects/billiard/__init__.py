"""What billiard has that multiprocessing lacks, and the other way round; no worker is needed."""
