"""The example project of a document, step by step."""
