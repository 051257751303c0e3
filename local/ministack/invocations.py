"""Records which function was invoked and for how long, beside the calls that the function recorded itself (`local/calls`)."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path


def recorded(execute: Callable[[dict, object, str], dict]) -> Callable[[dict, object, str], dict]:
    """`execute` of a function, with a line per invocation where the platform records; else `execute` itself."""
    folder = os.environ.get("DUKENET_CALLS_FOLDER")
    if not folder:
        return execute
    file = Path(folder) / "invocations.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)

    def execute_and_record(func: dict, event: object, request_id: str) -> dict:
        begun = time.time()
        try:
            return execute(func, event, request_id)
        finally:
            config = func.get("config") or func
            line = {
                "function": config["FunctionName"],
                "memory_mb": config["MemorySize"],
                "at": begun,
                "ms": round(1000 * (time.time() - begun), 1),
            }
            with file.open("a") as lines:
                lines.write(json.dumps(line) + "\n")

    return execute_and_record
