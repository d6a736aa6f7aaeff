"""What was seen in a trial, as frozen values: stimuli make them, checks judge them, and nothing here acts."""
