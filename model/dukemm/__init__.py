"""Duke MM: the model that DukeNET's tasks are done by."""
