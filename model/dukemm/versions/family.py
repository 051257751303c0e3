"""What a version knows of a family: its trained answerer, the network's part, and the confirmed examples to name."""

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
    """One trained family."""

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
        """Values with confidence and interval."""
        assert isinstance(self.model, FamilyRegressor)
        return self.model.predict(items, self.fusion.numbers(items) if self.fusion else None)

    def similarities(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, records): of all views together, 1 for the same item."""
        return self.model.experts.scores(items)[1]

    def pack(self) -> tuple[dict[str, Any], Arrays, list[dict[str, Any]]]:
        """Specification, arrays and records, as an artifact keeps them."""
        model, arrays = self.model.pack()
        spec: dict[str, Any] = {"kind": self.kind, "count": len(self.records), "model": model}
        whole = {f"model.{name}": array for name, array in arrays.items()}
        if self.fusion:
            spec["fusion"], own = self.fusion.pack()
            whole |= {f"fusion.{name}": array for name, array in own.items()}
        return spec, whole, [asdict(record) for record in self.records]

    @staticmethod
    def unpack(
        name: str,
        spec: Mapping[str, Any],
        arrays: Mapping[str, np.ndarray],
        records: Sequence[Mapping[str, Any]],
        members: Sequence[Member],
    ) -> "KnownFamily":
        """What `pack` was called on."""
        kind = FamilyClassifier if spec["kind"] == "classification" else FamilyRegressor
        fusion = (
            FamilyFusion.unpack(name, members, spec["fusion"], strip_prefix(arrays, "fusion."))
            if "fusion" in spec
            else None
        )
        model = kind.unpack(spec["model"], strip_prefix(arrays, "model."))
        return KnownFamily(name, spec["kind"], model, fusion, [ConfirmedExample(**record) for record in records])
