"""docs/benchmarks from the results: figures as JSON, plots as SVG, and the page that shows them."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import CACHE, PUBLISHED
from benchmarks.data.domains import SOURCES, Domains
from benchmarks.reports.plots import plot_all
from benchmarks.reports.prose import COST, FEW, FLIPS, INTRODUCTION, PARTS, STREAM, SURE, VERSIONS
from benchmarks.reports.summary import summary
from benchmarks.reports.tables import (
    Figures,
    figure,
    rows_of,
    table_all,
    table_cost,
    table_flips,
    table_learn,
    table_parts,
    table_sure,
    table_versions,
)
from benchmarks.studies.cells import Results
from benchmarks.studies.plan import DUKE

Entry = Mapping[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Write docs/benchmarks."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    publish()
    return 0


def publish(folder: Path = PUBLISHED, cache: Path = CACHE) -> None:
    """Write learning.json, the plots and README.md. What is published and was not measured here stays."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = folder / "learning.json"
    published = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else None
    found = summary(Results(cache / "cells.jsonl"), Results(cache / "stream.jsonl"), Domains(cache), published)
    figures.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    plots = plot_all(found, folder)
    (folder / "README.md").write_text(page(found, plots), encoding="utf-8")
    print(f"{folder}: {len(found['cells'])} figures, {len(found['streams'])} streams, {', '.join(plots)}")


def page(found: Entry, plots: Mapping[str, str]) -> str:
    """The page."""
    figures = Figures(found)
    regressions = ", ".join(about["title"] for about in found["domains"].values() if about["kind"] == "regression")
    seeds = max((len(entry["seeds"]) for entry in found["cells"]), default=0)
    studies = {entry["study"] for entry in found["cells"]}
    parts = [INTRODUCTION.format(regressions=regressions or "numbers", seeds=seeds), kept(found), data(found)]
    for name, title in plots.items():
        if not name.startswith("stream"):
            parts.append(f"![{title}]({name})\n")
    if "learn" in studies:
        parts += ["## Accuracy by number of labels\n", wins(found), table_learn(figures, "learn")]
        parts += ["## Every contender\n", contender_names(found), table_all(figures)]
    if "few" in studies:
        parts += [FEW, table_learn(figures, "few")]
    if "parts" in studies:
        parts += [PARTS, table_parts(figures)]
    parts += [STREAM, *(f"![{title}]({name})\n" for name, title in plots.items() if name.startswith("stream"))]
    parts += [stream_text(stream) for stream in found["streams"]]
    if any(entry["learner"] == DUKE for entry in found["cells"]):
        parts += [SURE, table_sure(figures)]
    if "versions" in studies:
        parts += [VERSIONS, table_versions(figures)]
    if "flips" in studies:
        parts += [FLIPS, table_flips(figures)]
    if "learn" in studies:
        parts += [COST, table_cost(figures)]
    environment = ", ".join(f"{name} {value}" for name, value in found["environment"].items())
    return "\n".join([*parts, f"Measured with {environment}; one thread a learner.\n"])


def data(found: Entry) -> str:
    """The domains and where they come from."""
    rows = [
        [about["title"], f"{about['labels'] or '–'}", f"{about['pool']:,}", f"{about['test'] or '10-fold'}", about["note"]]
        for about in found["domains"].values()
    ]
    return rows_of(["domain", "labels", "rows to draw from", "test rows", "source"], rows)


def kept(found: Entry) -> str:
    """How many figures stayed from an earlier page."""
    stayed = sum(entry.get("kept", False) for entry in found["cells"])
    if not stayed:
        return ""
    return (
        f"{stayed} of {len(found['cells'])} figures stayed from an earlier run on another machine (`kept` in the JSON "
        "file): accuracies compare, times do not.\n"
    )


def contender_names(found: Entry) -> str:
    """What each name stands for."""
    rows = [
        [f"`{name}`", modality, title]
        for modality, recipes in found["contenders"].items()
        if any(about["modality"] == modality for about in found["domains"].values())
        for name, title in recipes.items()
    ]
    return rows_of(["name", "data", "what it is"], rows)


def wins(found: Entry) -> str:
    """How often Duke MM is above, level with and below the best contender."""
    gaps = [
        e["difference"] for e in found["versus"] if e["study"] == "learn" and e["variant"] == "whole" and e["seeds"] > 1
    ]
    if not gaps:
        return ""
    above, below = sum(g["low"] > 0 for g in gaps), sum(g["high"] < 0 for g in gaps)
    return (
        f"Of {len(gaps)} places Duke MM is above the best contender in {above}, below in {below}, and in "
        f"{len(gaps) - above - below} the interval contains 0; its mean is at least as high in "
        f"{sum(g['mean'] >= 0 for g in gaps)}.\n"
    )


def stream_text(stream: Entry) -> str:
    """One stream: what each learner got wrong, by domain, and how Duke MM stands."""
    titles = [SOURCES[name].title for name in stream["domains"]]
    rows = []
    for name, entry in sorted(stream["learners"].items(), key=lambda item: item[1]["errors"]["mean"]):
        errors = figure(entry, "errors", 1, 0)
        last = [figure({"score": entry["last"][domain]}) for domain in stream["domains"]]
        rows.append([f"**{name}**" if name.startswith(DUKE) else name, errors, figure(entry, "macro"), *last])
    seeds = max(len(entry["seeds"]) for entry in stream["learners"].values())
    text = f"### {stream['tasks']:,} tasks: {', '.join(titles)}\n\n{seeds} seeds, {stream['retrainings']} retrainings. "
    text += "Success is of the last 1,000 tasks; *oracle* is the best single contender of each domain, in hindsight.\n\n"
    text += rows_of(["learner", "errors", "success, mean of domains", *titles], rows)
    if ratio := stream["ratios"]:
        text += f"\nCumulative errors of Duke MM: {figure(ratio, 'to_best', 1, 2)} × those of the best single contender "
        text += f"(`{ratio['best']}`), {figure(ratio, 'to_oracle', 1, 2)} × those of the oracle"
        if "at_once" in ratio:
            text += f", {figure(ratio, 'to_at_once', 1, 2)} × those of the best retrained at once (`{ratio['at_once']}`)"
        text += ".\n"
    return text + (promotions(stream) if stream["duke"] else "")


def promotions(stream: Entry) -> str:
    """What the gate did, and whether a promoted version was significantly below the one before."""
    notes = [note for run in stream["duke"] for note in run["versions"] if "lost" in note]
    promoted = [note for note in notes if note["promoted"]]
    worse = sum(note["p"] < 0.05 and note["lost"] > note["won"] for note in promoted)
    lost, won = (sum(note[name] for note in promoted) for name in ("lost", "won"))
    sure = [run["surest_70_last"] for run in stream["duke"]]
    return (
        f"\nThe gate promoted {len(promoted)} of {len(notes)} candidates after the first. On what they were compared on, "
        f"those had {won:,} items newly right and {lost:,} negative flips; {worse} were significantly below the version "
        f"before. Of the last 1,000 tasks, the surest 70 % were right in {100 * sum(sure) / len(sure):.1f} %.\n"
    )
