"""Bounds how many processes a function has at a time; further invocations wait for one.

MiniStack 1.5.33 starts a process for every parallel invocation, as AWS does with its many machines. On this one, a hundred
parallel requests are a hundred cold starts on a few cores: all of them run into their timeout.
"""

import os
import threading
from collections import defaultdict
from types import ModuleType

import invocations

# What a function that waits for itself would wait before it gets a process all the same. None of ours does that.
MAX_WAIT_SECONDS = 25


def most_processes() -> int:
    """Of one function: enough to wait for others in, few enough to start."""
    return max(4, 2 * (os.cpu_count() or 1))


def install(functions: ModuleType) -> None:
    """Wraps the execution of `ministack.services.lambda_svc`."""
    execute = invocations.recorded(functions._execute_function_warm)
    waiting = threading.Lock()
    free: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(most_processes()))

    def execute_in_turn(func: dict, event: object, request_id: str) -> dict:
        config = func.get("config") or func
        with waiting:
            turn = free[config["FunctionArn"]]
        taken = turn.acquire(timeout=MAX_WAIT_SECONDS)
        try:
            return execute(func, event, request_id)
        finally:
            if taken:
                turn.release()

    functions._execute_function_warm = execute_in_turn
