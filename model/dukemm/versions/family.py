"""A trained family: classifier or regressor, network inputs, and confirmed examples for explanations."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from dukemm.domain.answers import ConfirmedExample
from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.ensemble.classifier import FamilyClassifier
from dukemm.ensemble.regressor import FamilyRegressor, PredictedNumbers
from dukemm.experts.expert_set import strip_prefix
from dukemm.fusion.serving import FamilyFusion
from dukemm.fusion.training import Member


@dataclass(frozen=True)
class KnownFamily:
    """A trained family that answers with labels or numbers."""

    name: str
    kind: Literal["classification", "regression"]
    model: FamilyClassifier | FamilyRegressor
    fusion: FamilyFusion | None
    records: Sequence[ConfirmedExample]

    def logits(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, labels) log-odds, in the order of the classifier's labels."""
        assert isinstance(self.model, FamilyClassifier)
        return self.model.logits(items, self.fusion.log_odds(items) if self.fusion else None)

    def numbers(self, items: Sequence[EncodedItem]) -> PredictedNumbers:
        """Predicted numbers with confidences and intervals."""
        assert isinstance(self.model, FamilyRegressor)
        return self.model.predict(items, self.fusion.numbers(items) if self.fusion else None)

    def similarities(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, records) similarities over all views, 1 for equal items."""
        return self.model.experts.scores(items)[1]

    def pack(self) -> tuple[dict[str, Any], Arrays, list[dict[str, Any]]]:
        """JSON spec, arrays and records for the artifact."""
        model, arrays = self.model.pack()
        spec: dict[str, Any] = {"kind": self.kind, "count": len(self.records), "model": model}
        packed = {f"model.{name}": array for name, array in arrays.items()}
        if self.fusion:
            spec["fusion"], own = self.fusion.pack()
            packed |= {f"fusion.{name}": array for name, array in own.items()}
        return spec, packed, [asdict(record) for record in self.records]

    @staticmethod
    def unpack(
        name: str,
        spec: Mapping[str, Any],
        arrays: Mapping[str, np.ndarray],
        records: Sequence[Mapping[str, Any]],
        members: Sequence[Member],
    ) -> "KnownFamily":
        """The inverse of `pack`."""
        kind = FamilyClassifier if spec["kind"] == "classification" else FamilyRegressor
        fusion = (
            FamilyFusion.unpack(name, members, spec["fusion"], strip_prefix(arrays, "fusion."))
            if "fusion" in spec
            else None
        )
        model = kind.unpack(spec["model"], strip_prefix(arrays, "model."))
        return KnownFamily(name, spec["kind"], model, fusion, [ConfirmedExample(**record) for record in records])
