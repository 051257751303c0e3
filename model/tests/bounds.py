"""Checks that hostile content is rejected, and read within a bound of time and memory."""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import at_most

from dukemm.domain.errors import DukeMMError


def refused(work: Callable[[], object], says: str, seconds: float = 2.0) -> None:
    def call() -> None:
        with pytest.raises(DukeMMError, match=says) as caught:
            work()
        assert caught.value.status == 400

    at_most(seconds, call)


def within(megabytes: int, work: Callable[[], object]) -> None:
    """Run with a limit on what this process may take more than it has."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + (megabytes << 20), before[1]))
    try:
        work()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
