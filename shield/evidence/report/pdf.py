"""Makes the PDF, and tells whether it can: the library is an optional extra, loaded when needed."""

from __future__ import annotations

from importlib.util import find_spec

from shield.errors import EvidenceError
from shield.evidence.report.blocks import Report

INSTALL = "a PDF needs the package reportlab: from a checkout, pip install '.[report]'; or give --no-pdf"


def pdf_available() -> bool:
    """Whether the library is installed."""
    return find_spec("reportlab") is not None


def render_pdf(report: Report) -> bytes:
    """The document; raises `EvidenceError` where the library is not installed."""
    if not pdf_available():
        raise EvidenceError(INSTALL)
    from shield.evidence.report.pdf_document import PdfDocument  # noqa: PLC0415  needs the extra

    return PdfDocument(report).render()
