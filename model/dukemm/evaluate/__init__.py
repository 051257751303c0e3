"""Two versions on the same outcomes: scores, what changed between them, and whether the new one may serve."""
