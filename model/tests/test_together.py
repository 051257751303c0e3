import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dukemm.serve.coalescing import MAX_BATCH_ITEMS, Coalescer


class Doubles:
    """Doubles numbers except 13. Each call blocks until `released`."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.released = threading.Event()

    def __call__(self, items):
        self.sizes.append(len(items))
        assert self.released.wait(600)
        if 13 in items:
            raise ValueError("13")
        return [2 * item for item in items]


def test_waiting_requests_are_answered_in_one_batch():
    doubles = Doubles()
    together = Coalescer(doubles)
    asked = [n for n in range(20) if n != 13]
    with ThreadPoolExecutor(20) as pool:
        found = [pool.submit(together, [n, n + 100]) for n in asked]
        while sum(doubles.sizes) / 2 + len(together._queue) < len(asked):
            time.sleep(0.01)
        doubles.released.set()
        assert [future.result() for future in found] == [[2 * n, 2 * n + 200] for n in asked]
    assert sum(doubles.sizes) == 38
    assert len(doubles.sizes) <= 2  # the first batch starts with the first request


def test_a_batch_has_at_most_as_many_items_as_a_request():
    doubles = Doubles()
    together = Coalescer(doubles)
    doubles.released.set()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: together([n + 1000] * 100), range(8)))
    assert [len(each) for each in found] == [100] * 8
    assert max(doubles.sizes) <= MAX_BATCH_ITEMS


def test_an_item_that_cannot_be_answered_fails_alone():
    doubles = Doubles()
    doubles.released.set()
    together = Coalescer(doubles)
    with ThreadPoolExecutor(20) as pool:
        asked = {n: pool.submit(together, [n]) for n in range(20)}
        for n, future in asked.items():
            if n == 13:
                with pytest.raises(ValueError, match="13"):
                    future.result()
            else:
                assert future.result() == [2 * n]


def test_a_single_request_is_answered_at_once():
    doubles = Doubles()
    doubles.released.set()
    together = Coalescer(doubles)
    assert together([]) == []
    assert together([1, 2]) == [2, 4]
    assert threading.active_count() < 50
