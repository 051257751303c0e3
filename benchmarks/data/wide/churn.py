"""A made table whose target depends on a date, an amount, categories and a word of a note, and not on its identifier."""

import datetime
from collections.abc import Iterable
from typing import Literal

import numpy as np

from benchmarks.data.rows import Raw

ROWS = 1200
SEED = 3
WORDS = (
    *("slow", "delivery", "late", "parcel", "support", "friendly", "price", "good"),
    *("bad", "again", "never", "order", "box", "green", "team", "app"),
)
PLANS = {"basic": 1.0, "plus": 0.0, "pro": -1.0}
CITIES = ("Bern", "Basel", "Geneva", "Chur", "Zug", "Lugano", "Sion", "Thun")
#: Share of notes with the word that matters, and what it adds to the score.
REFUND_SHARE, REFUND = 0.3, 1.5


def churn(kind: Literal["classification", "regression"]) -> Iterable[Raw]:
    """Rows with «yes» or «no», or with a value that is linear in the score; noise is 0.4 of a score, and 4 of a value."""
    random = np.random.default_rng(SEED)
    for number in range(ROWS):
        date = datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=int(random.integers(0, 525_600)))
        fee, plan, calls = random.normal(50, 15), str(random.choice(list(PLANS))), int(random.poisson(3))
        city, refund = str(random.choice(CITIES)), random.random() < REFUND_SHARE
        note = " ".join([*random.choice(WORDS, 6), *(["refund"] if refund else [])])
        score = 0.06 * (fee - 50) + PLANS[plan] + 0.5 * (calls - 3) + REFUND * refund
        score += (1.2 if date.weekday() >= 5 else -0.5) + (0.8 if date.hour < 8 else 0.0)
        label, value = score + random.normal(0, 0.4) > 0.3, 100 + 30 * score + random.normal(0, 4)
        cells = {
            "customer": f"C-{10_000 + number}",
            "created": f"{date:%Y-%m-%d %H:%M}",
            "fee": f"${fee * 10:,.2f}",
            "plan": plan,
            "calls": str(calls),
            "city": city,
            "note": note,
        }
        yield Raw(cells, {}, ("yes" if label else "no") if kind == "classification" else float(value))
