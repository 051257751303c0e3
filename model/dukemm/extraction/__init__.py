"""Texts as answers: copied from the item, taken as sentences, or written by a small language model."""
