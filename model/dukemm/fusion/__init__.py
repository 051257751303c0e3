"""Multimodal network: tokens of every modality, attention, and a head per family."""
