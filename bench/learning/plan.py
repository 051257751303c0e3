"""Which cells there are, the cheap ones first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.learning.cells import FLIPPED_AT, Cell
from bench.learning.contenders import names_for
from bench.learning.domains import SOURCES, Domains

DUKE = "duke"
#: Duke MM with its guard against wrong labels off, in the study «flips».
DUKE_TRUSTING = "duke_trusting"
#: Stands for every learner but Duke MM.
CONTENDERS = "contenders"
FLIP_DOMAINS = ("letter", "fashion", "spam", "digits")


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
        return (
            (not self.studies or cell.study in self.studies)
            and (not self.sizes or cell.size in self.sizes)
            and (
                not self.learners or cell.learner in self.learners or (CONTENDERS in self.learners and not self._duke(cell))
            )
        )

    @staticmethod
    def _duke(cell: Cell) -> bool:
        return cell.learner in (DUKE, DUKE_TRUSTING)


def cells(choice: Choice, domains: Domains) -> Iterable[Cell]:
    """All that are wanted: by seed, then size, so that an early look at the results shows every domain."""
    found: list[Cell] = []
    for name in choice.domains or SOURCES:
        domain = domains[name]
        learners = (*names_for(domain), DUKE)
        for seed in range(choice.seeds):
            found += [Cell("learn", name, size, seed, who) for size in domain.source.sizes or (0,) for who in learners]
            if domain.source.sizes:
                found += [Cell("few", name, 0, seed, who) for who in learners]
            if name in FLIP_DOMAINS:
                found += [Cell("flips", name, FLIPPED_AT, seed, who) for who in (*learners, DUKE_TRUSTING)]
    return sorted((cell for cell in found if choice.has(cell)), key=lambda c: (c.size >= 4000, c.seed, c.size, c.domain))
