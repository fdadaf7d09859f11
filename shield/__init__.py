"""The shield: a redaction proxy in front of the storage of a support platform."""

from __future__ import annotations

__version__ = "0.1.0"
BUILD = f"shield/{__version__}"
"""What ran, as records name it."""
