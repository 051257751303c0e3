"""The domains that the benchmark is run on."""

from pathlib import Path

from bench.learning.domains.documents import DOCUMENTS
from bench.learning.domains.images import DIGITS, FASHION
from bench.learning.domains.mixed import MIXED
from bench.learning.domains.spoken import SPOKEN
from bench.learning.domains.tables import BREAST_CANCER, DIABETES, IRIS, LETTER, WINE
from bench.learning.domains.texts import SPAM
from bench.learning.rows import Domain, Source, load

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
