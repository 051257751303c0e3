"""Content as the encoders read it: files to pixels, samples and text; fields to views."""
