"""Command lines as documents print them."""
