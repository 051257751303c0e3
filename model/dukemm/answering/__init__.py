"""Answers a task from its examples, with explanations; used by serving, training and evaluation."""
