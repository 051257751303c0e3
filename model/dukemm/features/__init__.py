"""Encoded items to arrays: tables of numbers and categories, dense rows, results shared within a request."""
