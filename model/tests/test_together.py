import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dukemm.serve.coalescing import MAX_BATCH_ITEMS, Coalescer


class Doubles:
    """Takes its time, and one at a time."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def __call__(self, items):
        self.sizes.append(len(items))
        time.sleep(0.05)
        if 13 in items:
            raise ValueError("13")
        return [2 * item for item in items]


def test_who_waits_is_answered_together_and_each_gets_its_own():
    doubles = Doubles()
    together = Coalescer(doubles)
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda n: together([n, n + 100]), [n for n in range(20) if n != 13]))
    assert found == [[2 * n, 2 * n + 200] for n in range(20) if n != 13]
    assert sum(doubles.sizes) == 38
    assert len(doubles.sizes) <= 6


def test_no_more_go_together_than_one_request_may_bring():
    doubles = Doubles()
    together = Coalescer(doubles)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: together([n + 1000] * 100), range(8)))
    assert [len(each) for each in found] == [100] * 8
    assert max(doubles.sizes) <= MAX_BATCH_ITEMS


def test_an_item_that_cannot_be_answered_fails_alone():
    together = Coalescer(Doubles())
    with ThreadPoolExecutor(20) as pool:
        asked = {n: pool.submit(together, [n]) for n in range(20)}
        for n, future in asked.items():
            if n == 13:
                with pytest.raises(ValueError, match="13"):
                    future.result()
            else:
                assert future.result() == [2 * n]


def test_a_request_alone_waits_for_nobody():
    together = Coalescer(Doubles())
    assert together([]) == []
    assert together([1, 2]) == [2, 4]
    assert threading.active_count() < 50
