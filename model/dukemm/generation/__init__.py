"""Answers in words: copied from the item where examples show that they are copies, written by a small model where not."""
