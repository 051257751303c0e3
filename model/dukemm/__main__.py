"""`python -m dukemm`."""

import sys

from dukemm.cli import main

sys.exit(main())
