"""Costs of missing a label, which turn probabilities into the answer of the least expected cost (Elkan 2001)."""

from collections.abc import Sequence

import numpy as np

from dukemm.domain.arrays import Matrix
from dukemm.domain.labels import label_keys
from dukemm.domain.tasks import LabelOptions
from dukemm.versions.family import KnownFamily


def label_costs(
    labels: Sequence[str], options: LabelOptions, answers: Sequence[str], known: KnownFamily | None
) -> Matrix | None:
    """(labels,) cost of missing each label; None if the request names none.

    "balanced": the inverse of the label's share among `answers` of the examples and the family's records, each label
    counted once more than it occurs. A label that the request leaves out costs 1.
    """
    if options.class_weight is None:
        return None
    records = [] if known is None else [str(record.expected) for record in known.records]
    key = label_keys((labels, records))
    places = {key(label): i for i, label in enumerate(labels)}
    if options.class_weight == "balanced":
        counted = [places[key(answer)] for answer in (*answers, *records) if key(answer) in places]
        counts = np.bincount(np.array(counted, np.int64), minlength=len(labels)) + 1.0
        return counts.sum() / (len(labels) * counts)
    costs = np.ones(len(labels))
    for label, cost in options.class_weight:
        if (place := places.get(key(label))) is not None:
            costs[place] = cost
    return costs
