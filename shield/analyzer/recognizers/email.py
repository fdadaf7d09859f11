"""Presidio's e-mail recognizer without the network.

Presidio validates the domain with `tldextract`, which fetches the public suffix list from the internet
at its first use. This one uses the snapshot that the package bundles, and no cache on disk.
"""

from __future__ import annotations

from typing import Any

import tldextract
from presidio_analyzer.predefined_recognizers import EmailRecognizer


class OfflineEmailRecognizer(EmailRecognizer):  # type: ignore[misc]
    """`EmailRecognizer`, by its name and with its results, on the bundled public suffix list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"name": "EmailRecognizer", **options})
        self._suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def validate_result(self, pattern_text: str) -> bool:
        return bool(self._suffixes(pattern_text).fqdn)
