"""Makes values from records, and says what is wrong with a bad record."""
