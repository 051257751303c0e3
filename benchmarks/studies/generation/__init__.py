"""Fields from documents, short answers and summaries beside simple baselines."""
