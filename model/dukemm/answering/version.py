"""A loaded version that answers tasks, for serving, training and evaluation."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from dukemm.answering.classification import classification_task
from dukemm.answering.generation import generation_task
from dukemm.answering.regression import regression_task
from dukemm.answering.task import FOREVER, Task, TaskRequest, VersionModels
from dukemm.config import ModelConfig
from dukemm.domain.answers import Answer
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import LabelledItem
from dukemm.domain.outcomes import Outcome
from dukemm.domain.tasks import Kind, LabelOptions, TaskSpec
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.items import ItemEncoder
from dukemm.encoders.pool import Encoders
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.storage import Storage
from dukemm.versions.artifact import ARCHIVE, Artifact, load, unpack
from dukemm.versions.families import Families

NO_OPTIONS = LabelOptions()
#: Function that fits a task, by kind. Each raises DukeMMError invalid_request if the examples do not suit the kind.
FIT_TASK: Mapping[Kind, Callable[[VersionModels, TaskRequest], Task]] = {
    "classification": classification_task,
    "regression": regression_task,
    "generation": generation_task,
}


class Version:
    """A model version: its artifact, its families, and encoders shared with other versions."""

    def __init__(self, artifact: Artifact, encoders: Encoders, storage: Storage, cache: FeatureCache | None = None) -> None:
        self.artifact = artifact
        self.families = Families(artifact)
        self.items = ItemEncoder(artifact.config, storage, encoders, cache)
        language, multilingual = artifact.config.language, artifact.config.multilingual_encoder
        self._models = VersionModels(
            config=artifact.config,
            prior=CalibrationPrior(**artifact.calibration.get("prior", {})),
            label_text_examples=float(artifact.tensors["classifier.label_text_examples"][0]),
            items=self.items,
            text=lambda: encoders.text(artifact.config.text_encoder),
            multilingual=lambda: None if multilingual is None else encoders.text(multilingual),
            language=lambda: None if language is None else encoders.language(language),
        )

    @property
    def config(self) -> ModelConfig:
        """Its encoders, kinds and settings."""
        return self.artifact.config

    @property
    def text_parameters(self) -> int:
        """Number of weights of the text encoder."""
        return self._models.text().parameters

    def task(
        self,
        spec: TaskSpec,
        own: Sequence[LabelledItem],
        deadline: float,
        recalled: Sequence[LabelledItem] = (),
        options: LabelOptions = NO_OPTIONS,
    ) -> Task:
        """Fit a task to its own examples and to recalled ones (confirmed in earlier tasks).

        Recalled examples that do not suit the task are dropped. `deadline` is of time.monotonic(). Raises DukeMMError.
        """
        if spec.kind not in self.config.kinds:
            raise DukeMMError("unsupported", f"version {self.config.version} does not support {spec.kind}")
        request = TaskRequest(spec, None, own, recalled, deadline, options)
        return FIT_TASK[spec.kind](self._models, request.with_family(self.families.get(spec.family)))

    def answer_rows(self, outcomes: Sequence[Outcome]) -> list[Answer]:
        """Answer the outcomes, in order, from their inputs alone, without using their judgements."""
        answers: list[Answer | None] = [None] * len(outcomes)
        order = sorted(range(len(outcomes)), key=lambda i: _task_key(outcomes[i]))
        for _, group in groupby(order, key=lambda i: _task_key(outcomes[i])):
            chosen = list(group)
            task = self.task(outcomes[chosen[0]], (), FOREVER)
            encoded = self.items.encode([outcomes[i].item for i in chosen], FOREVER)
            for i, answer in zip(chosen, task.answer(encoded), strict=True):
                answers[i] = answer
        return [answer for answer in answers if answer is not None]


def _task_key(spec: TaskSpec) -> tuple[str, str, tuple[str, ...], str, str]:
    return spec.family, spec.kind, spec.labels, spec.description, spec.target or ""


def load_version(
    folder: Path, storage: Storage, encoders: Encoders | None = None, cache: FeatureCache | None = None
) -> Version:
    """Load a version from a folder with model.tar.gz or its unpacked files. Raises DukeMMError artifact_invalid."""
    encoders = encoders or Encoders()
    if not (folder / ARCHIVE).is_file():
        return Version(load(folder), encoders, storage, cache)
    with tempfile.TemporaryDirectory(prefix="dukemm-") as name:
        unpack(folder / ARCHIVE, Path(name))
        return Version(load(Path(name)), encoders, storage, cache)
