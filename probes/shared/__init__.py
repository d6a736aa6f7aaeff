"""The code that the instrument and the worker share, so that they agree."""
