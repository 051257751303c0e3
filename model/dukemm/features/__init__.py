"""Converts encoded items to arrays: number and category columns, dense rows; caches results within a request."""
