"""Which cells there are, the cheap ones first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.contenders.contender import RECIPES, names_for
from benchmarks.data.domains import SOURCES, Domains
from benchmarks.studies.cells import FLIPPED_AT, Cell
from benchmarks.studies.parts import LABELS

DUKE = "duke"
#: Duke MM with its guard against wrong labels off, in the study «flips».
DUKE_TRUSTING = "duke_trusting"
#: Stands for every learner but Duke MM.
CONTENDERS = "contenders"
#: Of the studies «flips» and «versions».
PUBLIC = ("letter", "fashion", "spam", "digits")
#: Contenders that are also given wrong labels.
BESIDE_FLIPS = ("lr10", "knn", "svc", "trees")
#: Contenders that ten examples of each label are too few for.
SLOW_STARTERS = ("boosting", "knn_words", "svc_mfcc")


@dataclass(frozen=True)
class Choice:
    """What of the plan is wanted; empty is all."""

    studies: Sequence[str] = ()
    domains: Sequence[str] = ()
    sizes: Sequence[int] = ()
    seeds: int = 5
    learners: Sequence[str] = ()

    def has(self, cell: Cell) -> bool:
        """Whether a cell is wanted."""
        group = DUKE if cell.learner in (DUKE, DUKE_TRUSTING) else CONTENDERS
        return (
            (not self.studies or cell.study in self.studies)
            and (not self.sizes or cell.size in self.sizes)
            and (not self.learners or bool({cell.learner, group} & set(self.learners)))
        )


def cells(choice: Choice, domains: Domains) -> Iterable[Cell]:
    """All that are wanted: learning first, then by seed, so that an early look at the results shows every domain."""
    found: list[Cell] = []
    for name in choice.domains or SOURCES:
        domain = domains[name]
        learners = (*names_for(domain), DUKE)
        for seed in range(choice.seeds):
            found += [Cell("learn", name, size, seed, who) for size in domain.source.sizes or (0,) for who in learners]
            if domain.source.sizes:
                found += [Cell("few", name, 0, seed, who) for who in learners if who not in SLOW_STARTERS]
            if domain.source.modality == "mixed":
                found.append(Cell("parts", name, LABELS, seed, DUKE))
            if name in PUBLIC:
                found += [Cell("flips", name, FLIPPED_AT, seed, who) for who in (*BESIDE_FLIPS, DUKE, DUKE_TRUSTING)]
                found += [Cell("versions", name, 0, seed, who) for who in ("lr10", "svc", DUKE)]

    def turn(cell: Cell) -> tuple[bool, bool, int, bool, int, str]:
        public = cell.domain in PUBLIC
        return cell.study != "learn", not public, cell.seed, _embeds(cell, domains), cell.size, cell.domain

    return sorted((cell for cell in found if choice.has(cell)), key=turn)


def _embeds(cell: Cell, domains: Domains) -> bool:
    """Whether it needs embeddings of thousands of texts first, ten minutes of work."""
    recipe = RECIPES[domains[cell.domain].source.modality].get(cell.learner)
    return recipe is not None and "minilm" in recipe.features
