"""`dukemm train`: trains a candidate version on confirmed outcomes."""
