import json
from pathlib import Path

from dukemm.contract import limits

#: test/unit/contracts/limits.test.ts compares the same file with contracts/limits.ts.
LIMITS = json.loads((Path(__file__).resolve().parents[2] / "test" / "contract" / "limits.json").read_text())


def test_the_model_checks_by_the_limits_of_the_contract():
    assert LIMITS == {
        "number": limits.MAX_NUMBER,
        "labels": limits.MAX_LABELS,
        "label": limits.MAX_LABEL,
        "fieldName": limits.MAX_FIELD_NAME,
        "description": limits.MAX_DESCRIPTION,
        "fields": limits.MAX_FIELDS,
        "cell": limits.MAX_CELL,
        "itemId": limits.MAX_ITEM_ID,
        "item": limits.MAX_ITEM_BYTES,
        "items": limits.MAX_ITEMS_OF_TASK,
        "itemsPerComplexity": limits.MAX_ITEMS,
        "examples": limits.MAX_EXAMPLES,
        "examplesTogether": limits.MAX_EXAMPLES_BYTES,
        "answer": limits.MAX_ANSWER,
    }
