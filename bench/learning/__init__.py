"""The learning benchmark: Duke MM beside what a good engineer builds in a day, on the same rows, in the same run.

`python -m bench.learning --help`, from the repository. What is measured and why: docs/benchmarks/README.md.
"""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
#: Data and results; not in git, since some data is GPL or CC-BY-SA.
CACHE = REPOSITORY / ".local" / "bench"
#: Figures and plots, which are.
PUBLISHED = REPOSITORY / "docs" / "benchmarks"

for _folder in (REPOSITORY / "model", REPOSITORY / "model" / "bench"):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))
