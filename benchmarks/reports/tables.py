"""docs/benchmarks/README.md, written from the figures alone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.studies.plan import DUKE, DUKE_TRUSTING

Entry = Mapping[str, Any]
#: Variants of Duke MM in the order of the tables.
VARIANTS = {"whole": "Duke MM", "no_specialists": "specialists off", "no_fusion": "fusion off"}

NAMES = {DUKE: "Duke MM", DUKE_TRUSTING: "Duke MM, filter off"}


def rows_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def figure(entry: Entry | None, name: str = "score", factor: float = 100.0, digits: int = 1) -> str:
    """Mean ± deviation; of one seed there is no deviation."""
    if entry is None or name not in entry:
        return "–"
    mean, deviation = f"{factor * entry[name]['mean']:,.{digits}f}", entry[name]["sd"]
    return mean if deviation is None else f"{mean} ± {factor * deviation:,.{digits}f}"


def gap(entry: Entry | None) -> str:
    """A paired difference in points with its interval; in bold where the interval is on one side of 0."""
    if entry is None:
        return "–"
    found = entry["difference"]
    if entry["seeds"] < 2:
        return f"{100 * found['mean']:+.1f}"
    text = f"{100 * found['mean']:+.1f} ({100 * found['low']:+.1f} to {100 * found['high']:+.1f})"
    return f"**{text}**" if found["low"] > 0 or found["high"] < 0 else text


def place(summary: Entry, entry: Entry) -> str:
    """Domain and size, as a row begins."""
    title = summary["domains"][entry["domain"]]["title"]
    if entry["study"] == "few":
        return f"{title}, 10 a label"
    return f"{title}, {entry['size']:,}" if entry["size"] else f"{title}, 10-fold"


class Figures:
    """Entries by what they are of."""

    def __init__(self, summary: Entry) -> None:
        self.summary = summary
        keys = ("study", "domain", "size", "learner", "variant")
        self._found = {tuple(entry[key] for key in keys): entry for entry in summary["cells"]}
        self._gaps = {(e["study"], e["domain"], e["size"], e["variant"]): e for e in summary["versus"]}

    def of(self, study: str, domain: str, size: int, learner: str, variant: str = "whole") -> Entry | None:
        """The entry, if it was measured."""
        return self._found.get((study, domain, size, learner, variant))

    def gap(self, study: str, domain: str, size: int, variant: str = "whole") -> Entry | None:
        """Duke MM's difference to the best contender."""
        return self._gaps.get((study, domain, size, variant))

    def places(self, study: str) -> list[tuple[str, int]]:
        """(domain, size) of a study, in the order of the domains."""
        found = {(e["domain"], e["size"]) for e in self.summary["cells"] if e["study"] == study}
        order = list(self.summary["domains"])
        return sorted(found, key=lambda p: (order.index(p[0]), p[1]))

    def contenders(self, study: str, domain: str, size: int) -> list[Entry]:
        """Their entries at a place, best first."""
        here = [e for e in self.summary["cells"] if (e["study"], e["domain"], e["size"]) == (study, domain, size)]
        others = [e for e in here if e["learner"] not in (DUKE, DUKE_TRUSTING)]
        return sorted(others, key=lambda e: -e["score"]["mean"])


def name_of(entry: Entry) -> str:
    """A learner as tables name it; what the names of contenders stand for is a table of its own."""
    return NAMES.get(entry["learner"], f"`{entry['learner']}`")


def table_learn(figures: Figures, study: str) -> str:
    """Duke MM's variants, the best and the second contender, and the difference."""
    rows = []
    for domain, size in figures.places(study):
        best = figures.contenders(study, domain, size)[:2]
        ours = [figures.of(study, domain, size, DUKE, variant) for variant in VARIANTS]
        named = [f"{figure(e)} {name_of(e)}" for e in best]
        about = place(figures.summary, {"study": study, "domain": domain, "size": size})
        seeds = str(min(len(e["seeds"]) for e in (*ours[:1], *best) if e is not None))
        difference = gap(figures.gap(study, domain, size))
        rows.append([about, seeds, *map(figure, ours), *named, *["–"] * (2 - len(named)), difference])
    header = ["labels", "seeds", *VARIANTS.values(), "best contender", "second", "Duke MM − best (points)"]
    return rows_of(header, rows)


def table_all(figures: Figures) -> str:
    """Every contender at every place."""
    names = sorted({e["learner"] for e in figures.summary["cells"] if e["study"] == "learn"} - {DUKE, DUKE_TRUSTING})
    rows = [
        [
            place(figures.summary, {"study": "learn", "domain": domain, "size": size}),
            *(figure(figures.of("learn", domain, size, name)) for name in names),
        ]
        for domain, size in figures.places("learn")
    ]
    return rows_of(["labels", *(f"`{name}`" for name in names)], rows)


def table_sure(figures: Figures) -> str:
    """How sure, and how right about it: Duke MM and, for the surest 70 %, the best contender there."""
    rows = []
    for domain, size in figures.places("learn"):
        ours = figures.of("learn", domain, size, DUKE)
        others = [e for e in figures.contenders("learn", domain, size) if "surest_70" in e]
        best = max(others, key=lambda e: e["surest_70"]["mean"], default=None)
        named = "–" if best is None else f"{figure(best, 'surest_70')} {name_of(best)}"
        interval = "–"
        if ours is not None and "ece_low" in ours:
            interval = f"{ours['ece_low']['mean']:.3f} to {ours['ece_high']['mean']:.3f}"
        rows.append(
            [
                place(figures.summary, {"study": "learn", "domain": domain, "size": size}),
                f"{(ours or {}).get('n', '–')}",
                figure(ours, "ece", 1, 3),
                interval,
                figure(ours, "coverage"),
                figure(ours, "set_size", 1, 2),
                figure(ours, "surest_70"),
                named,
            ]
        )
    header = ["labels", "test items", "calibration error", "its 95 % interval", "coverage of 95 % sets", "size of sets"]
    return rows_of([*header, "right of the surest 70 %", "best contender's"], rows)


def table_flips(figures: Figures) -> str:
    """A fifth of the labels wrong: what is lost."""
    rows = []
    for domain, size in figures.places("flips"):
        ours = [figures.of("flips", domain, size, name) for name in (DUKE, DUKE_TRUSTING)]
        for flipped in (e for e in (*ours, *figures.contenders("flips", domain, size)) if e is not None):
            learner = DUKE if flipped["learner"] == DUKE_TRUSTING else flipped["learner"]
            clean = figures.of("learn", domain, size, learner)
            if clean:
                lost = f"{100 * (clean['score']['mean'] - flipped['score']['mean']):.1f}"
                about = place(figures.summary, flipped)
                rows.append([about, name_of(flipped), figure(clean), figure(flipped), lost])
    return rows_of(["labels", "learner", "labels right", "20 % wrong", "points lost"], rows)


def table_parts(figures: Figures) -> str:
    """A composed item beside its parts, and how far who knows those parts for certain would come."""
    rows = []
    for entry in (e for e in figures.summary["cells"] if e["study"] == "parts"):
        most = figures.summary["domains"][entry["domain"]]["ceilings"][entry["variant"]]
        rows.append([entry["variant"], figure(entry), f"{100 * most:.1f}"])
    return rows_of(["shown", "Duke MM", "at most"], rows)


def table_versions(figures: Figures) -> str:
    """v1 to v3."""
    rows = []
    entries = [e for e in figures.summary["cells"] if e["study"] == "versions"]
    for entry in sorted(entries, key=lambda e: (e["domain"], e["learner"] != DUKE, e["learner"], e["variant"])):
        rows.append(
            [
                figures.summary["domains"][entry["domain"]]["title"],
                name_of(entry),
                entry["variant"],
                f"{entry['labels']['mean']:,.0f}",
                figure(entry),
                figure(entry, "won", 1, 0),
                figure(entry, "lost", 1, 0),
            ]
        )
    return rows_of(["domain", "learner", "version", "outcomes", "accuracy", "newly right", "negative flips"], rows)


def table_cost(figures: Figures) -> str:
    """Seconds of one thread and memory, at the largest size of each domain."""
    rows = []
    largest = dict(figures.places("learn"))
    for domain, size in largest.items():
        for entry in [figures.of("learn", domain, size, DUKE), *figures.contenders("learn", domain, size)]:
            if entry is None:
                continue
            about = place(figures.summary, entry)
            per = 1000 * entry["predict_seconds"] / entry["n"]
            who = f"{name_of(entry)} (kept)" if entry.get("kept") else name_of(entry)
            rows.append([about, who, f"{entry['fit_seconds']:.1f}", f"{per:.2f}", f"{entry['peak_mb']:,.0f}"])
    return rows_of(["labels", "learner", "seconds to learn", "ms an item", "MB at most"], rows)
