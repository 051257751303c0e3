"""Compares two versions on the same outcomes: scores, flips, and the gate for promotion."""
