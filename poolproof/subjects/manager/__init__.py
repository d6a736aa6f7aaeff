"""What prefork's manager does."""
