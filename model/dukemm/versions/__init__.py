"""Model versions: the artifact on disk and the families in it."""
