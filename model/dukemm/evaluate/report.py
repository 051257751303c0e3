"""metrics.json: the Python side of contracts/learning/evaluation.ts."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dukemm.contract.manifest import Manifest
from dukemm.contract.unusable import Unusable
from dukemm.evaluate.flips import flipped_ids, flips_of, pairs_of
from dukemm.evaluate.gate import Decision, decide
from dukemm.evaluate.held_back import Reason, Recomposed, held_back
from dukemm.evaluate.importance import Importance
from dukemm.evaluate.judged import Judged
from dukemm.evaluate.pairs import Pairs
from dukemm.evaluate.scores import confusion_of, recalls, rounded, scores_of
from dukemm.evaluate.table import Family, family_of, stack

#: Classes of a family that are listed: those that occur most.
CLASSES = 200


@dataclass(frozen=True)
class Measured:
    """Judged rows by family, and the families' tables and figures."""

    rows: Mapping[str, Sequence[Judged]]
    families: Sequence[Family]
    figures: Mapping[str, dict[str, Any]]

    @property
    def broken(self) -> set[str]:
        """Families that have rows and no finite figures: they are in no other figure."""
        return set(self.rows) - set(self.figures)


@dataclass(frozen=True)
class Held:
    """Families that are held back, the figures before that, and the version without their new state."""

    reasons: Mapping[str, Reason]
    before: Measured
    made: Recomposed

    def decide(self, tables: Sequence[Family], pairs: Pairs | None) -> Decision:
        """What the gate says of the candidate as it is now; see decide in gate.py."""
        change = [family.table for family in tables if family.name not in self.reasons]
        broken = sum(int(table.candidate.broken.sum()) for table in change)
        before = None if pairs is None else pairs_of([family.table for family in self.before.families])
        return decide(pairs, sum(map(len, change)), broken, held_back(before, self.before.families, self.reasons))


def report_of(
    manifest: Manifest,
    measured: Measured,
    *,
    versions: tuple[str, str | None],
    counts: Counter[str],
    importance: tuple[Mapping[str, Sequence[Importance]], Sequence[Importance]],
    curves: list[dict[str, Any]],
    created_at: str,
    unusable: Unusable,
    held: Held | None = None,
) -> dict[str, Any]:
    """`ModelEvaluation` but for `seconds`.

    `versions`: candidate, production. `importance`: by family, and by sort of field. With `held`, `measured` is of the
    version without the new state of these families.
    """
    families = measured.families
    tables = [family.table for family in families]
    whole = stack(tables)
    pairs = None if versions[1] is None else pairs_of(tables)
    broken = int(whole.candidate.broken.sum())
    decision = held.decide(families, pairs) if held else decide(pairs, len(whole), broken)
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
                **measured.figures[family.name],
                **({"held_back": held.reasons[family.name].text} if held and family.name in held.reasons else {}),
                "classes": _classes(family, decision),
                "feature_importance": [one.to_dict() for one in by_family.get(family.name, ())],
            }
            for family in families
        },
        "unusable": unusable.report(),
        "curves": curves,
        "gate": _gate(decision, len(held.reasons) if held else 0),
        **({"recomposed": {"sha256": held.made.sha256, "size_bytes": held.made.size_bytes}} if held else {}),
    }


def measured_of(rows: Mapping[str, Sequence[Judged]], seed: int, unusable: Unusable) -> Measured:
    """Families with their figures; one without finite figures is in no other figure, and named in `unusable`."""
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


def _gate(decision: Decision, held: int) -> dict[str, Any]:
    rules = [
        {"rule": rule.rule, "passed": rule.passed, "detail": rule.detail, "numbers": rounded(rule.numbers)}
        for rule in decision.rules
    ]
    reasons = list(decision.reasons)
    if held:
        families = "1 family is held back and keeps" if held == 1 else f"{held:,} families are held back and keep"
        reasons.append(f"{families} what production knows; the others were judged")
    return {"decision": "promote" if decision.promote else "archive", "reasons": reasons, "rules": rules}
