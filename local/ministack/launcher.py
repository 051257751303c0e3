"""Starts MiniStack for the embedded platform; its settings come by environment.

Three things are different from starting it bare, each because of a measured fault of the pinned version: what it acknowledges
survives a kill (`journal/`), a burst of requests does not start a process for each (`processes.py`), and a function that logs
nothing does not wait 50 ms. Another version of MiniStack stops the start with the reason.

Run as `python ../leash.py launcher` it stops when whoever started it is gone.
"""

import os
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

EXPECTED_VERSION = "1.5.33"
# A process whose platform was killed ends by itself within seconds.
MAX_WAIT_SECONDS = 20


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


def install_journal() -> None:
    """Takes the journal of the state folder; waits for a process that is still ending."""
    from journal import objects
    from journal.folder import Folder, JournalInUseError
    from journal.frames import DamagedJournalError
    from journal.recorder import Recorder

    from ministack import app

    path = Path(os.environ["STATE_DIR"]) / "journal"
    until = time.monotonic() + MAX_WAIT_SECONDS
    while True:
        try:
            folder = Folder(path)
            break
        except JournalInUseError as error:
            if time.monotonic() > until:
                raise LaunchError(f"{error} Is another platform running on this folder?") from error
        time.sleep(0.2)
    # Before MiniStack reads the objects, which it does when its module is loaded.
    objects.repair(Path(os.environ["S3_DATA_DIR"]))
    try:
        records = folder.load()
    except DamagedJournalError as error:
        raise LaunchError(str(error)) from error
    Recorder(app, folder, records).install()


def main() -> None:
    check_version()
    import processes

    from ministack import app

    shorten_log_wait()
    if app.PERSIST_STATE:
        install_journal()
    processes.install(app._get_module("lambda_svc"))
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    try:
        main()
    except LaunchError as error:
        sys.exit(f"MiniStack was not started: {error}")
