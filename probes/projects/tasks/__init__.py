"""The tasks of a document's example project, one module a subject."""
