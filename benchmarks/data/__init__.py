"""Labelled rows, their domains, and seeded synthetic documents."""
