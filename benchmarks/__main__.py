"""`python -m benchmarks` is `python -m benchmarks.proxy`."""

from __future__ import annotations

import sys

from benchmarks.proxy import main

sys.exit(main())
