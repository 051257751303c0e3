"""Items as Duke MM's encoders see them, computed once and kept on disk."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.data.rows import Domain, Row
from dukemm.domain.encoded import EncodedItem
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.items import ItemEncoder
from dukemm.encoders.pool import Encoders
from dukemm.storage import Storage
from dukemm.versions.artifact import first_config

#: Items that are encoded together.
CHUNK = 250
#: An item may take so long; the benchmark is in no hurry.
PATIENCE_SECONDS = 3600.0


class DukeItems:
    """Encoded items by id. The encoders are loaded when something is not in the cache."""

    def __init__(self, cache: Path, preset: str = "embedded") -> None:
        self.encoders = Encoders()
        features = FeatureCache(cache / "features" / "duke")
        self._encoder = ItemEncoder(first_config(preset, "1"), Storage(cache), self.encoders, features)
        self._known: dict[str, EncodedItem] = {}

    def of(self, rows: Sequence[Row]) -> list[EncodedItem]:
        """In order."""
        missing = {row.item.id: row.item for row in rows if row.item.id not in self._known}
        items = list(missing.values())
        for start in range(0, len(items), CHUNK):
            some = items[start : start + CHUNK]
            encoded = self._encoder.encode(some, time.monotonic() + PATIENCE_SECONDS)
            self._known.update({item.id: each for item, each in zip(some, encoded, strict=True)})
        return [self._known[row.item.id] for row in rows]

    def warm(self, domain: Domain) -> Iterator[int]:
        """Encode all rows of a domain; tells how many are done."""
        for start in range(0, len(domain.rows), CHUNK):
            self.of(domain.rows[start : start + CHUNK])
            yield min(start + CHUNK, len(domain.rows))
