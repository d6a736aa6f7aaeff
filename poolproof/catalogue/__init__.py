"""What people write, read and checked: claims, documents, the matrix; and the plan that follows from them."""
