"""Labels for items from a task's examples: views, kernels, leave-one-out, calibration, explanation."""
