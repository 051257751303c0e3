"""From an item to what the encoders and kernels read."""
