"""Plots as SVG: accuracy by labels, differences to the best contender, errors of the stream."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from benchmarks.studies.plan import DUKE, DUKE_TRUSTING

Entry = Mapping[str, Any]
#: Same bytes for same figures; text stays text.
matplotlib.rcParams.update({"svg.hashsalt": "dukenet", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False})
matplotlib.rcParams.update({"axes.spines.right": False, "axes.grid": True, "grid.color": "#e6e6e6", "axes.axisbelow": True})
INK, MUTED = "#c2410c", "#64748b"
COLOURS = {
    "lr": "#94a3b8",
    "lr10": "#64748b",
    "knn": "#a3a380",
    "svc": "#2563eb",
    "svc_hog": "#1e3a8a",
    "trees": "#15803d",
    "boosting": "#7c3aed",
    "knn_words": "#ca8a04",
    "picture_svc": "#0891b2",
    "text_lr10": "#db2777",
    "oracle": "#111827",
    "frozen": "#d1d5db",
    "seed_loop": "#b45309",
}
VARIANTS = {"whole": ("whole", "o"), "no_specialists": ("specialists off", "s"), "no_fusion": ("fusion off", "^")}


def plot_all(found: Entry, folder: Path) -> dict[str, str]:
    """Title by file name, of what was drawn."""
    drawn: dict[str, str] = {}
    if any(entry["study"] == "learn" and entry["size"] for entry in found["cells"]):
        drawn["labels.svg"] = "Accuracy by number of labels, one panel a domain"
        labels(found, folder / "labels.svg")
    if any(entry["study"] == "learn" for entry in found["versus"]):
        drawn["versus.svg"] = "Duke MM beside the best contender, domain by domain"
        versus(found, folder / "versus.svg")
    for stream in found["streams"]:
        name = f"stream-{'-'.join(stream['domains'])}-{stream['tasks']}.svg"
        drawn[name] = f"Cumulative errors over {stream['tasks']:,} mixed tasks"
        cumulative(stream, folder / name)
    return drawn


def save(figure: plt.Figure, path: Path) -> None:
    """Without a date, so that the same figures give the same file."""
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)


def labels(found: Entry, path: Path) -> None:
    """Accuracy by labels: the five best contenders, and Duke MM in bold."""
    entries = [e for e in found["cells"] if e["study"] == "learn" and e["size"] and e["variant"] == "whole"]
    domains = [name for name in found["domains"] if any(e["domain"] == name for e in entries)]
    columns = min(3, len(domains))
    rows = -(-len(domains) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(4.1 * columns, 3.1 * rows), squeeze=False)
    for axis, domain in zip(axes.flat, domains, strict=False):
        _labels_of(axis, [e for e in entries if e["domain"] == domain])
        axis.set_title(found["domains"][domain]["title"], loc="left", fontweight="bold")
    for axis in list(axes.flat)[len(domains) :]:
        axis.set_visible(False)
    axes.flat[0].set_ylabel("accuracy, %")
    figure.tight_layout()
    save(figure, path)


def _labels_of(axis: Axes, entries: list[Entry]) -> None:
    learners = {e["learner"] for e in entries} - {DUKE_TRUSTING}
    best = {name: max(e["score"]["mean"] for e in entries if e["learner"] == name) for name in learners}
    order = sorted(learners - {DUKE}, key=lambda name: -best[name])
    for name in [*order[:5][::-1], *([DUKE] if DUKE in learners else [])]:
        line = sorted((e for e in entries if e["learner"] == name), key=lambda e: e["size"])
        sizes = [e["size"] for e in line]
        means, spreads = ([100 * (e["score"][key] or 0.0) for e in line] for key in ("mean", "sd"))
        ours = name == DUKE
        axis.errorbar(
            sizes,
            means,
            spreads,
            color=INK if ours else COLOURS.get(name, MUTED),
            linewidth=2.4 if ours else 1.2,
            marker="o",
            markersize=4 if ours else 2.5,
            label="Duke MM" if ours else name,
            capsize=2,
        )
    axis.set_xscale("log")
    axis.set_xticks(sorted({e["size"] for e in entries}), [f"{s:,}" for s in sorted({e["size"] for e in entries})])
    axis.minorticks_off()
    axis.set_xlabel("labels")
    handles, titles = axis.get_legend_handles_labels()
    axis.legend(handles[::-1], titles[::-1], frameon=False, fontsize=7, loc="lower right")


def versus(found: Entry, path: Path) -> None:
    """Points above or below the best contender, with intervals, for each variant of Duke MM."""
    entries = [e for e in found["versus"] if e["study"] == "learn"]
    order = list(found["domains"])
    places = sorted({(e["domain"], e["size"]) for e in entries}, key=lambda p: (-order.index(p[0]), -p[1]))
    figure, axis = plt.subplots(figsize=(8, 0.32 * len(places) + 1.2))
    colours = {"whole": INK, "no_specialists": "#2563eb", "no_fusion": "#15803d"}
    for variant, (title, marker) in VARIANTS.items():
        here = [e for e in entries if e["variant"] == variant]
        if not here:
            continue
        means, lows, highs = ([100 * e["difference"][key] for e in here] for key in ("mean", "low", "high"))
        shift = {"whole": 0.0, "no_specialists": -0.22, "no_fusion": 0.22}[variant]
        at = [places.index((e["domain"], e["size"])) + shift for e in here]
        spans = [[m - low for m, low in zip(means, lows, strict=True)], [h - m for m, h in zip(means, highs, strict=True)]]
        axis.errorbar(means, at, xerr=spans, fmt=marker, color=colours[variant], markersize=4, linewidth=1, label=title)
    axis.axvline(0, color="#111827", linewidth=1)
    names = [f"{found['domains'][d]['title']}, {f'{s:,}' if s else '10-fold'}" for d, s in places]
    axis.set_yticks(range(len(places)), names)
    axis.set_xlabel("points above (right) or below (left) the best contender, 95 % interval")
    axis.legend(frameon=False, fontsize=8)
    save(figure, path)


def cumulative(stream: Entry, path: Path) -> None:
    """Cumulative errors; lines are named where they end."""
    figure, axis = plt.subplots(figsize=(8, 5))
    shown = {name: found for name, found in stream["learners"].items() if "," not in name}
    ends = sorted((found["curve"]["mean"][-1], name) for name, found in shown.items())
    least = 0.035 * ends[-1][0]
    at = float("-inf")
    for end, name in ends:
        curve, ours = shown[name]["curve"], name == DUKE
        colour = INK if name.startswith(DUKE) else COLOURS.get(name, MUTED)
        style = "--" if name == "oracle" else ":" if name.endswith(("frozen", "seed_loop", "at_once")) else "-"
        axis.plot(curve["at"], curve["mean"], color=colour, linewidth=2.6 if ours else 1.3, linestyle=style)
        at = max(end, at + least)  # names do not overlap
        place = (curve["at"][-1], at)
        axis.annotate(f" {name} {end:,.0f}", place, color=colour, va="center", fontsize=8, annotation_clip=False)
    axis.set_xlabel("tasks")
    axis.set_ylabel("errors so far (mean over seeds)")
    axis.set_xlim(0, stream["tasks"])
    axis.set_ylim(0)
    save(figure, path)
