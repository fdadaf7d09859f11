"""What nobody sees in a text is shown, in a report, and refused in an acknowledgement."""

from __future__ import annotations

import pytest

from shield.errors import EvidenceError
from shield.evidence.register import check_words
from shield.evidence.report.blocks import Column, Report, Table, Text
from shield.evidence.report.page import render_page
from shield.evidence.visible import visible

UNSEEN = ("\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\x1b", "\x9b", "\u2028")


@pytest.mark.parametrize("text", ["Maria García", "Ω 東京 \u202f1\u202f000", "two\nlines\tand a tab", ""])
def test_what_is_seen_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("mark", UNSEEN)
def test_what_is_not_seen_is_an_escape(mark: str) -> None:
    shown = visible(f"case{mark}7")
    assert mark not in shown
    assert shown.startswith("case\\")


@pytest.mark.parametrize("mark", ["\u202e", "\u200b"])
def test_an_acknowledgement_holds_none_of_it(mark: str) -> None:
    for words in ((f"a{mark}b", "OPS-1", ""), ("a", f"OPS{mark}-1", ""), ("a", "OPS-1", f"n{mark}")):
        with pytest.raises(EvidenceError, match="nobody sees"):
            check_words(*words, lambda _text: ())


def test_a_report_shows_it() -> None:
    said = "legal hold 7-esac\u202e placed"
    table = Table((Column("Detail"),), [(said,)])
    page = render_page(Report(said, said, said, [Text(said), table]))
    assert "\u202e" not in page
    assert page.count("7-esac\\u202e") >= 5  # the window's title, the heading, what is below, a text, a cell
