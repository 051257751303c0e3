"""Duke MM as a learner: trained by the training job's own function, answering from the artifact that it wrote."""

import datetime
import math
import tempfile
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import softmax

from benchmarks.contenders.learner import Answers, Task
from benchmarks.data.rows import Domain, Row
from dukemm.answering.classification import ClassificationTask
from dukemm.answering.label_scorer import LabelEmbeddings, LabelTexts
from dukemm.answering.regression import RegressionTask
from dukemm.answering.task import Task as ReadyTask
from dukemm.answering.version import Version, load_version
from dukemm.domain.answers import Answer
from dukemm.domain.encoded import EncodedItem
from dukemm.domain.items import LabelledItem
from dukemm.domain.labels import label_texts
from dukemm.domain.outcomes import Outcome
from dukemm.domain.tasks import Kind
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.pool import Encoders
from dukemm.ensemble.classifier import FamilyClassifier
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.storage import Storage
from dukemm.train.run import TrainConfig, train
from dukemm.versions.artifact import write_folder
from dukemm.versions.families import drop_fusion
from dukemm.versions.family import KnownFamily

NOBODY = "00000000-0000-4000-8000-000000000000"
BEGIN = datetime.datetime(2026, 1, 1)
WHOLE, NO_SPECIALISTS, NO_FUSION = "whole", "no_specialists", "no_fusion"
FIRST = TrainConfig(version="1")
#: Items that are answered together.
CHUNK = 250


@dataclass(frozen=True)
class Asked:
    """What a task asks for, without any answer."""

    family: str
    kind: Kind
    description: str
    labels: tuple[str, ...]
    target: str | None = None


def outcome_of(domain: Domain, row: Row, place: int, failed: bool) -> Outcome:
    """A row that was learned: corrected by the buyer where the version before failed, accepted elsewhere."""
    labels = domain.labels
    wrong = next((label for label in labels if label != row.expected), "") if labels else 0.0
    return Outcome(
        id=f"{row.item.id}#0",
        task_id=NOBODY,
        result_id=NOBODY,
        buyer_id=NOBODY,
        family=domain.name,
        kind=domain.source.kind,
        description=domain.source.description,
        labels=labels,
        target=None,
        item=row.item,
        expected=row.expected,
        prediction=wrong if failed else row.expected,
        confidence=0.5,
        success=not failed,
        label_source="correction" if failed else "accepted",
        weight=1.0,
        agent_name="duke-mm",
        model_version=None,
        created_at=f"{(BEGIN + datetime.timedelta(seconds=place)).isoformat()}Z",
    )


class Duke:
    """Learns all tasks as one version. With `from_examples` nothing is trained: the rows come with the task."""

    name = "duke"

    def __init__(self, cache: Path, *, from_examples: bool = False, config: TrainConfig = FIRST) -> None:
        self._storage = Storage(cache)
        self._features = FeatureCache(cache / "features" / "duke")
        self._encoders = Encoders()
        self._from_examples = from_examples
        self._config = config

    def fit(self, tasks: Sequence[Task], seed: int) -> "FittedDuke":
        """See Learner. The artifact is written and loaded, as in the product."""
        trusting = any(not task.options.get("neighbour_filter", True) for task in tasks)
        config = replace(self._config, seed=seed, filter_noise=not trusting, without_specialists=True)
        outcomes = [
            outcome_of(task.domain, row, place, row.item.id in task.failures)
            for task in ([] if self._from_examples else tasks)
            for place, row in enumerate(task.rows)
        ]
        made = train(config, outcomes, self._storage, lambda _: None, encoders=self._encoders, cache=self._features)
        with tempfile.TemporaryDirectory(prefix="duke-") as folder:
            write_folder(made.files, Path(folder))
            version = load_version(Path(folder), self._storage, self._encoders, self._features)
        examples = {task.domain.name: task.rows for task in tasks} if self._from_examples else {}
        return FittedDuke(version, self._encoders, examples, made.without_specialists)


class FittedDuke:
    """A version, asked as it serves: without knowing the answer. Variants silence parts of it."""

    def __init__(
        self,
        version: Version,
        encoders: Encoders,
        examples: dict[str, Sequence[Row]],
        without_specialists: dict[str, KnownFamily],
    ) -> None:
        self._without_specialists = without_specialists
        self._version = version
        self._encoders = encoders
        self._examples = examples
        self._encoded: dict[str, EncodedItem] = {}
        fused = version.families.has_network
        self.variants: tuple[str, ...] = (WHOLE, NO_SPECIALISTS, NO_FUSION) if fused else (WHOLE,)

    def with_examples(self, examples: Mapping[str, Sequence[Row]]) -> "FittedDuke":
        """See Fitted."""
        other = copy(self)  # what was encoded is shared
        other._examples = dict(examples)
        return other

    def predict(self, domain: Domain, rows: Sequence[Row], variant: str = WHOLE) -> Answers:
        """See Fitted."""
        known = self._known(domain, variant)
        classifies = isinstance(known, KnownFamily) and isinstance(known.model, FamilyClassifier)
        if classifies and not self._examples.get(domain.name):
            return self._labels(known, known.model, rows)
        task = self._task(domain, known, variant)
        answers: list[Answer] = []
        for start in range(0, len(rows), CHUNK):
            answers += task.answer(self.encode(rows[start : start + CHUNK]))
        sets, intervals = [a.label_set for a in answers], [a.interval for a in answers]
        return Answers(
            [a.prediction for a in answers],
            np.array([a.confidence for a in answers]),
            probabilistic=True,
            label_sets=None if any(s is None for s in sets) else sets,
            intervals=None if any(i is None for i in intervals) else intervals,
        )

    def _labels(self, known: KnownFamily, model: FamilyClassifier, rows: Sequence[Row]) -> Answers:
        """What a task of a known family answers, without the explanation, which takes longer than the answer."""
        items = self.encode(rows)
        parts = [items[i : i + CHUNK] for i in range(0, len(items), CHUNK)]
        found = np.concatenate([softmax(known.logits(part), axis=1) for part in parts])
        sets = None
        if model.threshold is not None:
            sets = [[model.labels[k] for k in np.flatnonzero((p >= model.threshold) | (p == p.max()))] for p in found]
        return Answers([model.labels[i] for i in found.argmax(1)], model.head.confidences(found), True, label_sets=sets)

    def encode(self, rows: Sequence[Row]) -> list[EncodedItem]:
        """Of rows, in order; each is encoded once."""
        new = [row.item for row in rows if row.item.id not in self._encoded]
        self._encoded |= {
            item.id: found for item, found in zip(new, self._version.items.encode(new, math.inf), strict=True)
        }
        return [self._encoded[row.item.id] for row in rows]

    def _known(self, domain: Domain, variant: str) -> object:
        known = self._version.families.get(domain.name)
        if not isinstance(known, KnownFamily) or variant == WHOLE:
            return known
        return drop_fusion(known) if variant == NO_FUSION else self._without_specialists[domain.name]

    def _task(self, domain: Domain, known: object, variant: str) -> ReadyTask:
        if variant == WHOLE:
            rows = [LabelledItem(row.item, row.expected) for row in self._examples.get(domain.name, ())]
            asked = Asked(domain.name, domain.source.kind, domain.source.description, domain.labels)
            return self._version.task(asked, rows, math.inf)
        config = self._version.config.classifier
        known = known if isinstance(known, KnownFamily) else None
        if not domain.labels:
            return RegressionTask(config, (), known)
        text = self._encoders.text(self._version.config.text_encoder)
        vectors = text.vectors(label_texts(domain.labels, domain.source.description), math.inf)
        share = float(self._version.artifact.tensors["classifier.label_text_examples"][0])
        texts = LabelTexts(domain.labels, LabelEmbeddings(vectors), share)
        return ClassificationTask(config, CalibrationPrior(), texts, (), text.word_shares, known)
