"""Saves MiniStack's state while it runs; by itself it saves on a clean stop only, and a kill loses everything.

Each service's state is taken on the event loop, where requests are served one at a time, so a snapshot never shows half a
transaction. Writing it out happens on a thread. What is lost by a kill is at most what happened since the last save.
"""

import asyncio
import logging
import threading
import time
from types import ModuleType

logger = logging.getLogger("dukenet.snapshots")

# Grows with every invocation and nothing reads it after a restart.
NOT_SAVED_WHILE_RUNNING = frozenset({"cloudwatch_logs"})
# Taking a snapshot holds up requests: at most this share of the time.
LARGEST_SHARE = 0.03


def install(app: ModuleType, every_seconds: float) -> None:
    """Starts the saving thread of `ministack.app`; 0 seconds turns it off."""
    writing = threading.Lock()
    save_at_stop = app.save_all

    def save_all(services: dict) -> None:
        with writing:
            save_at_stop(services)

    app.save_all = save_all
    if app.PERSIST_STATE and every_seconds > 0:
        threading.Thread(
            target=_run, args=(app, every_seconds, writing), name="dukenet-snapshots", daemon=True
        ).start()


def _run(app: ModuleType, every_seconds: float, writing: threading.Lock) -> None:
    from ministack.core.persistence import save_state

    pause = every_seconds
    while True:
        time.sleep(pause)
        loop = app._MAIN_LOOP
        if loop is None or loop.is_closed():
            continue
        try:
            states, seconds = asyncio.run_coroutine_threadsafe(_take(app), loop).result()
            with writing:
                if loop.is_closed():
                    return
                for name, state in states.items():
                    save_state(name, state)
        except Exception:
            # One failed save must not end the saving; the next one follows.
            logger.exception("The running state could not be saved")
            continue
        pause = max(every_seconds, seconds / LARGEST_SHARE)


async def _take(app: ModuleType) -> tuple[dict[str, dict], float]:
    """Every service's state and the seconds that taking it held up the loop."""
    started = time.perf_counter()
    states = {}
    for name, get_state in app._build_persistence_save_dict().items():
        state = None if name in NOT_SAVED_WHILE_RUNNING else get_state()
        if state is not None:
            states[name] = state
    return states, time.perf_counter() - started
