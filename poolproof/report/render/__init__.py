"""Renders the content of pages as Markdown, plots and lines on a terminal."""
