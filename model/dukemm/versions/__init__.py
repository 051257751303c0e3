"""A version of the model: its artifact on disk, and the families it holds."""
