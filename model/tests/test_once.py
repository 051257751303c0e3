from dukemm.features.request_cache import cached_per_request, share_within_request


class Counter:
    def __init__(self) -> None:
        self.calls = 0

    @cached_per_request
    def total(self, items: list[int], factor: int) -> int:
        self.calls += 1
        return factor * sum(items)


def test_values_are_computed_once_per_call_and_then_released():
    counter, items = Counter(), [1, 2]
    with share_within_request():
        assert [counter.total(items, 2), counter.total(items, 2), counter.total(items, 3)] == [6, 6, 9]
        assert counter.calls == 2
        assert Counter().total(items, 3) == 9  # of another object
        items_like_them = [1, 2]
        assert counter.total(items_like_them, 2) == 6
        assert counter.calls == 3
    items.append(3)
    assert counter.total(items, 2) == 12
    with share_within_request():
        assert counter.total(items, 2) == 12
        assert counter.calls == 5


def test_lists_with_a_reused_id_are_not_confused():
    counter = Counter()
    with share_within_request():
        assert [counter.total([i], 1) for i in range(100)] == list(range(100))
