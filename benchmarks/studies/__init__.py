"""One measurement each, with its command."""
