"""Runs a stream of tasks through an update loop and records its errors."""

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.data.rows import Domain
from benchmarks.studies.answered import Answered
from benchmarks.studies.example_spans import ExampleSpan, example_spans
from benchmarks.studies.loops import Loop
from benchmarks.studies.stream import Stream


def run_stream(stream: Stream, domains: Mapping[str, Domain], loop: Loop) -> dict[str, Any]:
    """Answer all tasks of a stream with one loop.

    Returns the errors of each variant, and `right` (bits) and `sure` (confidence in 255ths) of each task as hex.
    """
    answered, notes, started = Answered(stream, domains), [], time.perf_counter()
    others: dict[str, np.ndarray] = {}
    for segment in stream.segments:
        before = time.perf_counter()
        fitted, note = loop.version(segment.known, answered)
        seconds = round(time.perf_counter() - before, 2)
        positions = range(segment.start, segment.stop)
        without_examples = [ExampleSpan(segment.start, segment.stop, {})]
        for span in example_spans(stream, segment, loop.max_examples) if loop.max_examples else without_examples:
            version = loop.with_examples(fitted, span.examples, domains) if span.examples else fitted
            span_positions = range(span.start, span.stop)
            for p, answer in zip(span_positions, answered.ask(version, span_positions), strict=True):
                answered.predictions[p], answered.confidences[p], answered.right[p] = answer
        asked = {name: (fitted, name) for name in fitted.variants if name != "whole"}
        asked |= {name: (version, "whole") for name, version in loop.others().items()}
        for name in {*others, *asked}:
            # A variant that does not exist yet, or not in this version, answers like `whole`.
            right_of_variant = others.setdefault(name, answered.right.copy())
            version, variant = asked.get(name, (fitted, "whole"))
            right_of_variant[list(positions)] = [right for *_, right in answered.ask(version, positions, variant)]
        notes.append({"at": segment.start, "known": len(segment.known), "fit_seconds": seconds, **note})
    sure = np.clip(np.rint(answered.confidences * 255), 0, 255).astype(np.uint8)
    variants = {"whole": answered.right, **others}
    return {
        "n": len(stream.tasks),
        "variants": {
            name: {"errors": int((~right).sum()), "right": np.packbits(right).tobytes().hex()}
            for name, right in variants.items()
        },
        "sure": sure.tobytes().hex(),
        "versions": notes,
        "seconds": round(time.perf_counter() - started, 1),
    }
