"""`python -m shield`: the same as the console script `shield`."""

from __future__ import annotations

from shield.cli.main import main

if __name__ == "__main__":
    main()
