"""The network that reads an item's modalities together."""
