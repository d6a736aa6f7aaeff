"""What the documents print and both the worker and the instrument use: one module a document."""
