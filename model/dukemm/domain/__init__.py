"""Items, tasks, outcomes and answers: plain dataclasses and pure functions, no I/O."""
