"""Starts MiniStack for the embedded platform; its settings come by environment.

Four things are different from starting it bare, each because of a measured fault of the pinned version:
stream records survive a restart (`streams.py`), the state is also saved while running (`snapshots.py`), a burst of
requests does not start a process for each (`processes.py`), and a function that logs nothing does not wait 50 ms. Every change is guarded: another version,
or another shape of what is changed, stops the start with the reason.

Run as `python ../leash.py launcher` it stops, saving its state, when whoever started it is gone.
"""

import os
import sys
from importlib.metadata import PackageNotFoundError, version

EXPECTED_VERSION = "1.5.33"


class LaunchError(RuntimeError):
    """The installed MiniStack is not the one that this launcher was checked against."""


def check_version() -> None:
    try:
        found = version("ministack")
    except PackageNotFoundError as cause:
        raise LaunchError("MiniStack is not installed in this Python environment.") from cause
    if found != EXPECTED_VERSION:
        raise LaunchError(
            f"MiniStack {found} is installed, the launcher was checked against {EXPECTED_VERSION}. "
            "Check docs/aws-gaps.md again on the new version, then raise EXPECTED_VERSION."
        )
    try:
        version("cryptography")
    except PackageNotFoundError as cause:
        raise LaunchError(
            "The Python package `cryptography` is missing: without it MiniStack signs tokens with a "
            "placeholder that every verifier refuses."
        ) from cause


def shorten_log_wait() -> None:
    """Waits 10 ms instead of 50 for the first log line of an invocation that printed none.

    The function's lines are in the pipe before its answer is, so 10 ms only has to cover the reader thread.
    """
    from ministack.core import lambda_runtime

    drain = lambda_runtime.Worker._drain_stderr_bounded
    if drain.__defaults__ != (0.050, 0.005, 0.250):
        raise LaunchError(f"MiniStack's log wait changed its defaults: {drain.__defaults__}")
    drain.__defaults__ = (0.010, 0.003, 0.250)


def main() -> None:
    check_version()
    import processes
    import snapshots
    import streams

    from ministack import app

    shorten_log_wait()
    streams.install(app)
    processes.install(app._get_module("lambda_svc"))
    snapshots.install(app, every_seconds=float(os.environ.get("DUKENET_SAVE_SECONDS", "20")))
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    try:
        main()
    except LaunchError as error:
        sys.exit(f"MiniStack was not started: {error}")
