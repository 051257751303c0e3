"""The domains that the benchmark is run on."""

from pathlib import Path

from benchmarks.data.domains.documents import DOCUMENTS
from benchmarks.data.domains.images import DIGITS, FASHION
from benchmarks.data.domains.mixed import MIXED
from benchmarks.data.domains.spoken import SPOKEN
from benchmarks.data.domains.tables import BREAST_CANCER, DIABETES, IRIS, LETTER, WINE
from benchmarks.data.domains.texts import SPAM
from benchmarks.data.rows import Domain, Source, load

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        LETTER,
        FASHION,
        SPAM,
        DIGITS,
        DOCUMENTS,
        SPOKEN,
        MIXED,
        BREAST_CANCER,
        WINE,
        IRIS,
        DIABETES,
    )
}


class Domains:
    """Domains by name, each loaded once."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._loaded: dict[str, Domain] = {}

    def __getitem__(self, name: str) -> Domain:
        """A domain by its name."""
        if name not in self._loaded:
            self._loaded[name] = load(SOURCES[name], self._cache)
        return self._loaded[name]
