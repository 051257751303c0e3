"""Reads the LetterRecognition table of the R package mlbench (Frey & Slate 1991)."""

import subprocess
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FILE = Path("/usr/lib/R/site-library/mlbench/data/LetterRecognition.rda")
REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements.txt"


def read_letters() -> Any:
    """20,000 rows as a pandas table: the label `lettr` and sixteen measurements.

    Installs rdata (with pandas and xarray, 95 MB) on the first call. Raises FileNotFoundError without the R package.
    """
    if not FILE.exists():
        raise FileNotFoundError(f"{FILE} is missing: apt install r-cran-mlbench")
    install_missing("rdata")
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdata assumes an encoding, which plain ASCII does not need
        return rdata.read_rda(FILE)["LetterRecognition"]


def install_missing(package: str, requirements: Path = REQUIREMENTS) -> bool:
    """Install pinned requirements into this environment if a package of them is missing; whether it did."""
    if find_spec(package) is not None:
        return False
    print(f"installing {package} from {requirements}", file=sys.stderr)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, "-r", str(requirements)], check=True)
    return True
