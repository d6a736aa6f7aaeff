"""Pure words: cells, verdicts, judgements, histories and record lines as values. Imports nothing of ours."""
