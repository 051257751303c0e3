import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dukemm.serve.task_cache import TaskCache


def test_a_task_is_fitted_once_for_concurrent_requests():
    fitted, fits = TaskCache[str](100), []

    def fit() -> str:
        time.sleep(0.05)
        fits.append(1)
        return "task"

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: fitted.get("key", 10, fit), range(8))) == {"task"}
    assert len(fits) == 1


def test_different_tasks_are_fitted_concurrently():
    fitted, both = TaskCache[int](100), threading.Barrier(2, timeout=300)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda n: fitted.get(n, 10, lambda: both.wait() * 0 + n), (1, 2))) == [1, 2]


def test_the_least_recently_used_is_evicted_and_the_newest_is_kept_at_any_size():
    fitted, fits = TaskCache[str](100), []

    def of(key: str, weight: int) -> None:
        fitted.get(key, weight, lambda: fits.append(key) or key)

    for key in ("a", "b", "a", "c"):  # of 40 each only two fit in
        of(key, 40)
    for key in ("a", "c", "b"):
        of(key, 40)
    assert fits == ["a", "b", "c", "b"]
    of("large", 1000)
    of("large", 1000)
    of("c", 40)
    assert fits[4:] == ["large", "c"]


def test_a_failed_fit_is_retried():
    fitted, fails = TaskCache[str](100), [ValueError("not now")]

    def fit() -> str:
        if fails:
            raise fails.pop()
        return "task"

    with pytest.raises(ValueError, match="not now"):
        fitted.get("key", 1, fit)
    assert fitted.get("key", 1, fit) == "task"
