"""metrics.json: the Python side of contracts/learning/evaluation.ts."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dukemm.data.manifest import Manifest
from dukemm.data.unusable import Unusable
from dukemm.evaluate.flips import flipped_ids, flips_of, pairs_of
from dukemm.evaluate.gate import Decision, decide
from dukemm.evaluate.importance import Importance
from dukemm.evaluate.judged import Judged
from dukemm.evaluate.scores import confusion_of, recalls, rounded, scores_of
from dukemm.evaluate.table import Family, family_of, stack

#: Classes of a family that are listed: those that occur most.
CLASSES = 200


def report_of(
    manifest: Manifest,
    rows: Mapping[str, Sequence[Judged]],
    *,
    versions: tuple[str, str | None],
    counts: Counter[str],
    importance: tuple[Mapping[str, Sequence[Importance]], Sequence[Importance]],
    curves: list[dict[str, Any]],
    created_at: str,
    unusable: Unusable,
) -> dict[str, Any]:
    """`ModelEvaluation` but for `seconds`.

    `versions`: candidate, production. `importance`: by family, and by sort of field.
    """
    families, measured = _families(rows, manifest.seed, unusable)
    tables = [family.table for family in families]
    whole = stack(tables)
    pairs = None if versions[1] is None else pairs_of(tables)
    broken = int(whole.candidate.broken.sum())
    decision = decide(pairs, len(whole), broken)
    by_family, by_sort = importance
    first = versions[1] is None
    return {
        "format": 1,
        "run": manifest.id,
        "version": versions[0],
        "compared_with": versions[1],
        "created_at": created_at,
        "data": _data(manifest, counts),
        "candidate": scores_of(whole, whole.candidate, 1.0, manifest.seed),
        "production": None if first or whole.production is None else scores_of(whole, whole.production, 1.0, manifest.seed),
        "flips": flips_of(pairs),
        "feature_importance": [one.to_dict() for one in by_sort],
        "families": {
            family.name: {
                **measured[family.name],
                "classes": _classes(family, decision),
                "feature_importance": [one.to_dict() for one in by_family.get(family.name, ())],
            }
            for family in families
        },
        "unusable": unusable.report(),
        "curves": curves,
        "gate": _gate(decision),
    }


def _families(
    rows: Mapping[str, Sequence[Judged]], seed: int, unusable: Unusable
) -> tuple[list[Family], dict[str, dict[str, Any]]]:
    """Families with their figures by name; one without finite figures is in no other figure, and named in `unusable`."""
    tasks: dict[str, int] = {}
    families: list[Family] = []
    measured: dict[str, dict[str, Any]] = {}
    classes = 0
    for name, judged in rows.items():
        try:
            family = family_of(name, judged, tasks, classes)
            figures = _measured(family, seed)
            json.dumps(figures, allow_nan=False)
        except Exception as error:
            unusable.broken(name, "it has no figures", error, len(judged))
            continue
        families.append(family)
        measured[name] = figures
        classes += len(family.labels)
    return families, measured


def _data(manifest: Manifest, counts: Counter[str]) -> dict[str, Any]:
    names = ("by_word", "by_silence", "refused", "no_label", "unreadable")
    return {
        "manifest_sha256": manifest.sha256,
        "validation": manifest.counts["validation"],
        "reservoir": manifest.counts["reservoir"],
        "families": len(manifest.families),
        **{name: counts[name] for name in names},
    }


def _measured(family: Family, seed: int) -> dict[str, Any]:
    """`FamilyEvaluation` but for what the gate and the importance of fields add."""
    table, production = family.table, family.table.production
    pairs = pairs_of([table])
    refused, candidate_repeats, production_repeats = family.refused

    def scores(column: Any) -> dict[str, Any]:
        labelled = bool(family.labels)
        matrix = confusion_of(table, column, family.labels, family.first_label) if labelled and len(table) else None
        return {**scores_of(table, column, family.deviation, seed), "confusion_matrix": matrix}

    return {
        "kind": family.kind,
        "buyer_id": family.buyer_id,
        "candidate": scores(table.candidate),
        "production": scores(production) if production else None,
        "flips": {**(flips_of(pairs) or {}), **flipped_ids(table, family.ids)} if production else None,
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
    often = sorted(now, key=lambda label: (-now[label][0], label))[:CLASSES]
    return rounded(
        [
            {
                "label": family.labels[label - family.first_label],
                "items": now[label][0],
                "recall": now[label][1],
                "production_recall": before[label][1] if production else None,
                "worse": label in decision.worse_labels,
            }
            for label in often
        ]
    )


def _gate(decision: Decision) -> dict[str, Any]:
    rules = [
        {"rule": rule.rule, "passed": rule.passed, "detail": rule.detail, "numbers": rounded(rule.numbers)}
        for rule in decision.rules
    ]
    return {"decision": "promote" if decision.promote else "archive", "reasons": decision.reasons, "rules": rules}
