"""Learners that are compared: Duke MM, and what a good engineer builds in a day."""
