"""What is said, as Markdown, plots and lines on a terminal."""
