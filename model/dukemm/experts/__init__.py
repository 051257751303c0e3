"""Learners of one family: kernel ridge per view, joint kernel, forest, densities, logistic regression, kNN memory."""
