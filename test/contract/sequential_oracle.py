"""Write `sequential-test.json`: e-values of the package `ville` for counts of wins and losses.

`pip install ville==0.1.0`, then `python test/contract/sequential_oracle.py > test/contract/sequential-test.json`.
"""

import json

import numpy as np
from ville import BernoulliTest

RATES = (0.2, 0.4, 0.5, 0.6, 0.8)
SIZES = (1, 5, 20, 100, 400)
NULLS = (0.45, 0.5, 0.55)


def main() -> None:
    """Draw wins and losses, and print the two-sided e-value (uniform mixture) against each null."""
    random = np.random.default_rng(20261130)
    cases = []
    for rate in RATES:
        for size in SIZES:
            won = (random.random(size) < rate).astype(float)
            for null in NULLS:
                test = BernoulliTest(null).fit(won)
                cases.append(
                    {
                        "wins": int(won.sum()),
                        "losses": int(size - won.sum()),
                        "null": null,
                        "log_e": round(float(test.log_e_values_[-1]), 9),
                    }
                )
    print(json.dumps({"ville": "0.1.0", "cases": cases}))


if __name__ == "__main__":
    main()
