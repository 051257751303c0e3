"""Benchmarks of Duke MM and of the platform: `python -m benchmarks --help`, from the repository. See README.md.

Packages, each importing only those before it: `data`, `contenders`, `studies`, `reports`.
"""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
#: Data and results; not in git, since some data is GPL or CC-BY-SA.
CACHE = REPOSITORY / ".local" / "bench"
#: Figures and plots, which are.
PUBLISHED = REPOSITORY / "docs" / "benchmarks"

#: Folder of the package `dukemm`, which is used from the source tree.
MODEL = REPOSITORY / "model"
if str(MODEL) not in sys.path:
    sys.path.append(str(MODEL))
