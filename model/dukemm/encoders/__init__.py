"""Frozen encoders: from text to vectors."""
