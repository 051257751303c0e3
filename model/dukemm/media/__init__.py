"""From the bytes of a file to pixels, samples and text, within bounds: hostile files are the rule on a marketplace."""
