"""What is said, as Markdown and plots."""
