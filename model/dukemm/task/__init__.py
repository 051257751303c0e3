"""What is learned from a task's own examples: views, kernels, leave-one-out, calibration, explanation."""
