"""Base learners of a family: kernel ridge per view, joint kernel, forest, densities, logistic regression, kNN memory."""
