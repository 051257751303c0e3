"""Duke MM, the model that answers DukeNET's tasks."""
