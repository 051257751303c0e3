"""Puts the launcher's folder on the path, as the launcher does."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
