"""A task with its examples to answers with explanations; the same for serving, training and evaluation."""
