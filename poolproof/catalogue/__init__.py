"""The files that people write, read and checked: claims, documents, the matrix; and the plan from them."""
