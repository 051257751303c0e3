"""Files of weights: found, checked by hash, and converted to safetensors without running their code."""
