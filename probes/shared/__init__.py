"""What the instrument and the worker must agree on."""
