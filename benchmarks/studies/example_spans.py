"""Examples that the tasks of a stream come with: the items that their buyer has confirmed by then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.data.rows import Row
from benchmarks.studies.stream import Inbox, Segment, Stream

#: Examples are renewed after this many new outcomes, or after this growth: each renewal costs a refit.
MIN_NEW_OUTCOMES, RENEWAL_GROWTH = 10, 0.15


@dataclass(frozen=True)
class ExampleSpan:
    """Tasks `start` to `stop` - 1, which come with the same examples, by domain."""

    start: int
    stop: int
    examples: Mapping[str, Sequence[Row]]


def example_spans(stream: Stream, segment: Segment, max_examples: int) -> Iterator[ExampleSpan]:
    """Split a segment into spans of tasks with the same examples, at most `max_examples` by domain."""
    inbox = Inbox()
    for messages in stream.arrivals[: segment.start]:
        for task in messages:
            inbox.receive(task)
    start, known = segment.start, len(inbox.order)
    examples = _newest_rows(stream, inbox, max_examples)
    for position in range(segment.start, segment.stop):
        for task in stream.arrivals[position]:
            inbox.receive(task)
        if len(inbox.order) - known >= max(MIN_NEW_OUTCOMES, round(RENEWAL_GROWTH * known)):
            yield ExampleSpan(start, position + 1, examples)
            start, known = position + 1, len(inbox.order)
            examples = _newest_rows(stream, inbox, max_examples)
    if start < segment.stop:
        yield ExampleSpan(start, segment.stop, examples)


def _newest_rows(stream: Stream, inbox: Inbox, max_examples: int) -> dict[str, list[Row]]:
    newest: dict[str, list[Row]] = {}
    for task in reversed(inbox.order):
        rows = newest.setdefault(stream.tasks[task].domain, [])
        if len(rows) < max_examples:
            rows.append(stream.tasks[task].row)
    return newest
