"""`dukemm train`: from confirmed outcomes to a candidate version."""
