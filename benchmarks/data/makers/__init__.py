"""Seeded synthetic documents, with the fields that they state: for benches only."""
