"""Each kind of file as a task on a running marketplace, beside baselines."""
