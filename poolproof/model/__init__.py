"""Plain values: cells, verdicts, judgements, histories and record lines. Imports nothing of ours."""
