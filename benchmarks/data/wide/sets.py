"""The data sets by half. A set keeps the half that it was given before anything was measured on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from benchmarks.data.rows import Source
from benchmarks.data.wide import media, tables, texts

Half = Literal["development", "test"]


@dataclass(frozen=True)
class WideSet:
    """A data set, and whether it may be looked at while the model is worked on."""

    source: Source
    half: Half

    @property
    def group(self) -> str:
        """What its figures are reported under: «table», «mixed», «regression», «text», «picture», «sound» or «document»."""
        if self.source.kind == "regression":
            return "regression"
        if self.source.title in MIXED:
            return "mixed"
        return {"pixels": "picture", "fields": "table"}.get(self.source.modality, self.source.modality)


#: With free text, dates or names beside other columns.
MIXED = frozenset({"breaches", "titanic_names", "churn"})


def _halves(development: Iterable[Source], test: Iterable[Source]) -> tuple[WideSet, ...]:
    return (
        *(WideSet(source, "development") for source in development),
        *(WideSet(source, "test") for source in test),
    )


SETS: tuple[WideSet, ...] = (
    *_halves(tables.DEVELOPMENT, tables.TEST),
    *_halves(texts.DEVELOPMENT, texts.TEST),
    *_halves(media.DEVELOPMENT, media.TEST),
)
#: Small ones of both tasks and of several kinds, for a look in minutes.
QUICK = ("chile", "benefits", "computers_price", "caschool", "breaches", "newsgroups", "package_sections_de", "emoji")
