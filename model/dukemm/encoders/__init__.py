"""Frozen pretrained networks: weights, batching over requests, caches, and the encoding of items."""
