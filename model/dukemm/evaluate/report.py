"""Builds metrics.json, defined by contracts/learning/evaluation.ts."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dukemm.contract.manifest import Manifest
from dukemm.contract.unusable import Unusable
from dukemm.evaluate.flips import build_pairs, count_flips, flipped_ids
from dukemm.evaluate.gate import WITHDRAWN, Decision, decide
from dukemm.evaluate.held_back import Reason, Recomposed, held_back
from dukemm.evaluate.importance import Importance
from dukemm.evaluate.judged import Judged
from dukemm.evaluate.pairs import Pairs
from dukemm.evaluate.revenue import revenue_rule
from dukemm.evaluate.scores import count_confusions, measure_scores, recalls, rounded
from dukemm.evaluate.table import Family, build_family_table, stack

#: Most classes listed per family, the most frequent.
MAX_LISTED_CLASSES = 200


@dataclass(frozen=True)
class Measured:
    """Judged rows by family, with the families' tables and metrics."""

    rows: Mapping[str, Sequence[Judged]]
    families: Sequence[Family]
    figures: Mapping[str, dict[str, Any]]

    @property
    def broken(self) -> set[str]:
        """Families with rows but without finite metrics; they are excluded from all metrics."""
        return set(self.rows) - set(self.figures)


@dataclass(frozen=True)
class HoldBackResult:
    """Held-back families, the metrics before holding back, and the rebuilt version."""

    reasons: Mapping[str, Reason]
    before: Measured
    made: Recomposed

    def decide(self, tables: Sequence[Family], pairs: Pairs | None, withdrawn: Collection[str]) -> Decision:
        """Decide about the rebuilt candidate by families that are not in `withdrawn`; see decide in gate.py."""
        change = [family.table for family in tables if family.name not in self.reasons]
        broken = sum(int(table.candidate.broken.sum()) for table in change)
        compared = [family for family in self.before.families if family.name not in withdrawn]
        before = None if pairs is None else build_pairs([family.table for family in compared])
        held = held_back(before, compared, self.reasons)
        return decide(pairs, sum(map(len, change)), broken, held, gain_required=not withdrawn)


def build_report(
    manifest: Manifest,
    measured: Measured,
    *,
    versions: tuple[str, str | None],
    counts: Counter[str],
    importance: tuple[Mapping[str, Sequence[Importance]], Sequence[Importance]],
    curves: list[dict[str, Any]],
    created_at: str,
    unusable: Unusable,
    held: HoldBackResult | None = None,
    withdrawn: Collection[str] = (),
    revenue_decides: bool = False,
) -> dict[str, Any]:
    """Build `ModelEvaluation` without `seconds`.

    `versions`: candidate, production. `importance`: by family, and by field type. With `held`, `measured` is of the rebuilt
    version. The gate does not compare `withdrawn` families: production's state of them may not be kept, however good it is.
    With `revenue_decides`, a candidate that earns less is archived.
    """
    families = measured.families
    tables = [family.table for family in families]
    combined = stack(tables)
    pairs = None if versions[1] is None else build_pairs(tables)
    broken = int(combined.candidate.broken.sum())
    compared = [family for family in families if family.name not in withdrawn]
    compared_pairs = None if pairs is None else build_pairs([family.table for family in compared])
    decision = (
        held.decide(compared, compared_pairs, withdrawn)
        if held
        else decide(compared_pairs, len(combined), broken, gain_required=not withdrawn)
    )
    revenue = revenue_rule([family.table for family in compared], decisive=revenue_decides)
    if revenue is not None:
        decision = replace(decision, rules=[*decision.rules, revenue])
    by_family, by_sort = importance
    first = versions[1] is None
    return {
        "format": 1,
        "run": manifest.id,
        "version": versions[0],
        "compared_with": versions[1],
        "created_at": created_at,
        "data": _data(manifest, counts),
        "candidate": measure_scores(combined, combined.candidate, 1.0, manifest.seed),
        "production": None
        if first or combined.production is None
        else measure_scores(combined, combined.production, 1.0, manifest.seed),
        "flips": count_flips(pairs),
        "feature_importance": [one.to_dict() for one in by_sort],
        "families": {
            family.name: {
                **measured.figures[family.name],
                **({"held_back": held.reasons[family.name].text} if held and family.name in held.reasons else {}),
                "classes": _classes(family, decision),
                "feature_importance": [one.to_dict() for one in by_family.get(family.name, ())],
            }
            for family in families
        },
        "unusable": unusable.report(),
        "curves": curves,
        "gate": _gate(decision, len(held.reasons) if held else 0, sum(name in withdrawn for name in measured.rows)),
        **({"recomposed": {"sha256": held.made.sha256, "size_bytes": held.made.size_bytes}} if held else {}),
    }


def measure_families(rows: Mapping[str, Sequence[Judged]], seed: int, unusable: Unusable) -> Measured:
    """Measure each family; one without finite metrics is excluded and recorded in `unusable`."""
    tasks: dict[str, int] = {}
    families: list[Family] = []
    measured: dict[str, dict[str, Any]] = {}
    classes = 0
    for name, judged in rows.items():
        try:
            family = build_family_table(name, judged, tasks, classes)
            figures = _measure_family(family, seed)
            json.dumps(figures, allow_nan=False)
        except Exception as error:
            unusable.broken(name, "its metrics could not be computed", error, len(judged))
            continue
        families.append(family)
        measured[name] = figures
        classes += len(family.labels)
    return Measured(rows, families, measured)


def _data(manifest: Manifest, counts: Counter[str]) -> dict[str, Any]:
    names = ("by_word", "by_silence", "refused", "no_label", "unreadable")
    return {
        "manifest_sha256": manifest.sha256,
        "validation": manifest.counts.validation,
        "reservoir": manifest.counts.reservoir,
        "families": len(manifest.families),
        **{name: counts[name] for name in names},
    }


def _measure_family(family: Family, seed: int) -> dict[str, Any]:
    """`FamilyEvaluation` without the fields from the gate and from importance."""
    table, production = family.table, family.table.production
    pairs = build_pairs([table])
    refused, candidate_repeats, production_repeats = family.refused

    def scores(column: Any) -> dict[str, Any]:
        labelled = bool(family.labels)
        matrix = count_confusions(table, column, family.labels, family.first_label) if labelled and len(table) else None
        return {**measure_scores(table, column, family.deviation, seed), "confusion_matrix": matrix}

    return {
        "kind": family.kind,
        "buyer_id": family.buyer_id,
        "candidate": scores(table.candidate),
        "production": scores(production) if production else None,
        "flips": {**(count_flips(pairs) or {}), **flipped_ids(table, family.ids)} if production else None,
        "refused": {
            "items": refused,
            "candidate": candidate_repeats,
            "production": production_repeats if production else None,
        },
    }


def _classes(family: Family, decision: Decision) -> list[dict[str, Any]]:
    table, production = family.table, family.table.production
    now = recalls(table.label, table.candidate.right)
    before = recalls(table.label, production.right) if production else {}
    listed = sorted(now, key=lambda label: (-now[label][0], label))[:MAX_LISTED_CLASSES]
    return rounded(
        [
            {
                "label": family.labels[label - family.first_label],
                "items": now[label][0],
                "recall": now[label][1],
                "production_recall": before[label][1] if production else None,
                "worse": label in decision.worse_labels,
            }
            for label in listed
        ]
    )


def _gate(decision: Decision, held: int, withdrawn: int) -> dict[str, Any]:
    rules = [
        {
            "rule": rule.rule,
            "passed": rule.passed,
            "detail": rule.detail,
            "numbers": rounded(rule.numbers),
            **({} if rule.decisive else {"decisive": False}),
        }
        for rule in decision.rules
    ]
    reasons = list(decision.reasons)
    if held:
        families = "1 family is held back and keeps" if held == 1 else f"{held:,} families are held back and keep"
        reasons.append(f"{families} the state of production; the other families were judged")
    if withdrawn:
        families = "1 family was" if withdrawn == 1 else f"{withdrawn:,} families were"
        reasons.append(f"{families} not compared with production, {WITHDRAWN}")
    return {"decision": "promote" if decision.promote else "archive", "reasons": reasons, "rules": rules}
