"""Finds personal data in segments, with Presidio's vocabulary and recognizers on an engine of our own.

`build.build_analyzer` makes an `engine.Analyzer` from a `DetectorSpec`; `resolver.resolve` turns its
findings into those that a policy acts on.
"""

from __future__ import annotations

from shield.analyzer.lean_presidio import import_presidio

import_presidio()  # before any module of this package, each of which may import Presidio
