"""From records to figures: means and spreads over seeds, differences to the best contender."""

import platform
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from scipy.stats import t as student

from benchmarks.contenders.contender import RECIPES
from benchmarks.data.domains import SOURCES, Domains
from benchmarks.data.domains.mixed import ceilings, composed
from benchmarks.reports.kept import kept_cells, kept_streams
from benchmarks.studies import measures
from benchmarks.studies.cells import Record, Results
from benchmarks.studies.plan import DUKE
from benchmarks.studies.stream import make_stream

#: Figures that are averaged.
AVERAGED = (
    *("score", "f1", "mae", "surest_70", "ece", "ece_low", "ece_high", "coverage", "set_size"),
    *("labels", "failures", "lost", "won", "p"),
)
#: How names of contenders end that are retrained at every occasion.
AT_ONCE_SUFFIX = "_at_once"
#: Tasks at the end of a stream that its success at that time is taken over.
WINDOW = 1000


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Mean, standard deviation over seeds (n − 1; None of one seed), least."""
    found = np.array(values, float)
    deviation = round(float(found.std(ddof=1)), 5) if len(found) > 1 else None
    return {"mean": round(float(found.mean()), 5), "sd": deviation, "least": round(float(found.min()), 5)}


def difference(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """Of paired seeds: mean, and its 95 % interval by Student's t."""
    gaps = np.array(ours) - np.array(theirs)
    half = 0.0
    if len(gaps) > 1:
        half = float(student.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=1) / len(gaps) ** 0.5)
    mean = float(gaps.mean())
    return {"mean": round(mean, 5), "low": round(mean - half, 5), "high": round(mean + half, 5)}


def cell_figures(records: Iterable[Record]) -> list[dict[str, Any]]:
    """One entry a (study, domain, size, learner, variant), over all seeds."""
    groups: dict[tuple, list[Record]] = defaultdict(list)
    for record in records:
        groups[(record["study"], record["domain"], record["size"], record["learner"])].append(record)
    found = []
    for (study, domain, size, learner), group in sorted(groups.items()):
        group.sort(key=lambda record: record["seed"])
        for variant in group[0]["variants"]:
            of = [(record["seed"], record["variants"][variant]) for record in group if variant in record["variants"]]
            entry: dict[str, Any] = {"study": study, "domain": domain, "size": size, "learner": learner, "variant": variant}
            entry["seeds"] = [seed for seed, _ in of]
            entry["scores"] = [round(figures["score"], 5) for _, figures in of]
            for name in AVERAGED:
                values = [figures[name] for _, figures in of if name in figures]
                if values:
                    entry[name] = spread(values)
            for name in ("fit_seconds", "predict_seconds", "peak_mb"):
                if name in group[0]:
                    entry[name] = round(float(np.mean([record[name] for record in group])), 3)
            entry["n"] = of[0][1]["n"]
            found.append(entry)
    return found


def versus(figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where Duke MM was measured: beside the contender with the best mean, chosen after the fact."""
    found = []
    places = sorted(
        {(f["study"], f["domain"], f["size"]) for f in figures if f["learner"] == DUKE and f["study"] != "versions"}
    )
    for place in places:
        here = [f for f in figures if (f["study"], f["domain"], f["size"]) == place]
        others = [f for f in here if not f["learner"].startswith(DUKE)]
        if not others:
            continue
        best = max(others, key=lambda f: f["score"]["mean"])
        for ours in (f for f in here if f["learner"] == DUKE):
            seeds = [s for s in ours["seeds"] if s in best["seeds"]]
            pair = [[f["scores"][f["seeds"].index(s)] for s in seeds] for f in (ours, best)]
            study, domain, size = place
            about = {"study": study, "domain": domain, "size": size, "variant": ours["variant"], "seeds": len(seeds)}
            found.append({**about, "best": best["learner"], "difference": difference(*pair)})
    return found


def stream_figures(records: Iterable[Record], domains: Domains) -> list[dict[str, Any]]:
    """One entry a (domains, tasks): errors by learner and variant, the oracle, ratios, and curves."""
    groups: dict[tuple, dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        groups[(tuple(record["domains"]), record["tasks"])][record["seed"]].append(record)
    found = []
    for (names, tasks), by_seed in sorted(groups.items()):
        streams = {seed: make_stream({n: domains[n] for n in names}, tasks, seed) for seed in by_seed}
        where = {seed: np.array([task.domain for task in stream.tasks]) for seed, stream in streams.items()}
        rights: dict[str, dict[int, np.ndarray]] = defaultdict(dict)
        for seed, seed_records in by_seed.items():
            for record in seed_records:
                for variant, of in record["variants"].items():
                    rights[_name(record, variant)][seed] = measures.unpacked(of["right"], record["n"])
            rights["oracle"][seed] = oracle(rights, where[seed], seed)
        first = next(iter(streams.values()))
        duke = [record for seed in sorted(by_seed) for record in by_seed[seed] if record["learner"] == DUKE]
        found.append(
            {
                "domains": list(names),
                "tasks": tasks,
                "retrainings": len(first.segments) - 1,
                "learners": {name: _of_stream(per_seed, where) for name, per_seed in rights.items()},
                "ratios": ratios(rights),
                "duke": [_duke_versions(record, where[record["seed"]]) for record in duke],
            }
        )
    return found


def _name(record: Record, variant: str) -> str:
    return record["learner"] if variant == "whole" else f"{record['learner']}, {variant}"


def is_single(name: str) -> bool:
    """Whether this is a single contender, retrained by the product's rule."""
    return not (name.startswith((DUKE, "frozen", "seed_loop", "oracle")) or name.endswith(AT_ONCE_SUFFIX))


def oracle(rights: Mapping[str, Mapping[int, np.ndarray]], where: np.ndarray, seed: int) -> np.ndarray:
    """In each domain the single contender with the fewest errors over the whole stream, chosen in hindsight."""
    chosen = np.zeros(len(where), bool)
    for domain in np.unique(where):
        places = where == domain
        of = [found[seed][places] for name, found in rights.items() if is_single(name) and seed in found]
        if of:
            chosen[places] = max(of, key=lambda right: right.sum())
    return chosen


def _of_stream(per_seed: Mapping[int, np.ndarray], where: Mapping[int, np.ndarray]) -> dict[str, Any]:
    """Errors, success by domain over the last WINDOW tasks and their mean, cumulative errors at 200 points."""
    errors = [int((~right).sum()) for right in per_seed.values()]
    last: dict[str, list[float]] = defaultdict(list)
    for seed, right in per_seed.items():
        for domain in np.unique(where[seed]):
            places = np.flatnonzero(where[seed] == domain)
            last[str(domain)].append(float(right[places[places >= len(right) - WINDOW]].mean()))
    macro = [float(np.mean(values)) for values in zip(*last.values(), strict=True)]
    curves = np.array([np.cumsum(~right) for right in per_seed.values()])
    at = np.unique(np.linspace(0, curves.shape[1] - 1, 200).astype(int))
    return {
        "seeds": sorted(per_seed),
        "errors": spread(errors),
        "last": {domain: spread(values) for domain, values in last.items()},
        "macro": spread(macro),
        "curve": {"at": (at + 1).tolist(), "mean": [round(float(x), 1) for x in curves[:, at].mean(0)]},
    }


def to_best_at_once(rights: Mapping[str, Mapping[int, np.ndarray]]) -> dict[str, Any]:
    """Duke MM's errors as a share of those of the best contender that is retrained as often as tasks have new examples."""
    ours = rights.get(DUKE, {})
    found = {
        name: per_seed for name, per_seed in rights.items() if name.endswith(AT_ONCE_SUFFIX) and set(ours) <= set(per_seed)
    }
    if not ours or not found:
        return {}
    best = min(found, key=lambda name: sum(int((~found[name][seed]).sum()) for seed in ours))
    shares = [float((~ours[seed]).sum() / (~found[best][seed]).sum()) for seed in ours]
    return {"at_once": best, "to_at_once": spread(shares)}


def ratios(rights: Mapping[str, Mapping[int, np.ndarray]]) -> dict[str, Any]:
    """Duke MM's errors as a share of the best single contender's (by mean) and of the oracle's, over paired seeds."""
    ours = rights.get(DUKE, {})
    seeds = [seed for seed in ours if all(seed in found for name, found in rights.items() if is_single(name))]
    if not seeds:
        return {}
    errors = {name: [int((~found[s]).sum()) for s in seeds] for name, found in rights.items() if set(seeds) <= set(found)}
    best = min((name for name in errors if is_single(name)), key=lambda name: sum(errors[name]))
    mine = np.array(errors[DUKE])
    return {
        "best": best,
        "to_best": spread(list(mine / np.array(errors[best]))),
        "to_oracle": spread(list(mine / np.array(errors["oracle"]))),
        **to_best_at_once(rights),
    }


def _duke_versions(record: Record, where: np.ndarray) -> dict[str, Any]:
    """Versions of one run with their negative flips, and what could be left without a human at the end."""
    sure = np.frombuffer(bytes.fromhex(record["sure"]), np.uint8).astype(float)
    right = measures.unpacked(record["variants"]["whole"]["right"], record["n"])
    last = slice(len(where) - WINDOW, None)
    return {
        "seed": record["seed"],
        "versions": record["versions"],
        "surest_70_last": round(measures.surest(sure[last], right[last]), 5),
    }


def summary(
    cells: Results, stream: Results, domains: Domains, published: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All that is published. What was `published` before and is not measured here stays."""
    before = published or {"cells": [], "streams": []}
    figures = kept_cells(before["cells"], cell_figures(cells.records.values()))
    used = sorted({f["domain"] for f in figures})
    about = {}
    for name in (n for n in SOURCES if n in used):
        domain = domains[name]
        source = domain.source
        about[name] = {
            "title": source.title,
            "kind": source.kind,
            "modality": source.modality,
            "note": source.note,
            "labels": len(domain.labels),
            "pool": len(domain.pool),
            "test": len(domain.test),
        }
        if source.modality == "mixed":
            found = ceilings(item for item in composed() if item.raw.side == "test")
            about[name]["ceilings"] = {parts: round(share, 5) for parts, share in found.items()}
    titles = {modality: {name: recipe.title for name, recipe in found.items()} for modality, found in RECIPES.items()}
    packages = {name: version(name) for name in ("numpy", "scikit-learn", "scipy", "torch")}
    return {
        "format": 1,
        "environment": {"python": platform.python_version(), "machine": platform.machine(), **packages},
        "domains": about,
        "contenders": titles,
        "cells": figures,
        "versus": versus(figures),
        "streams": kept_streams(before["streams"], stream_figures(stream.records.values(), domains)),
    }
