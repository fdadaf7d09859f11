"""Before the index has read a log, no page says that there is none."""

from __future__ import annotations

import pytest

from shield.console.answers import Page
from shield.console.render import Renderer


@pytest.mark.parametrize(
    ("indexing", "said"),
    [(True, "The index has not read a log yet."), (False, "There is no audit log here yet.")],
)
def test_a_page_without_logs_says_whether_they_are_being_read(indexing: bool, said: str) -> None:
    text = Renderer().render(
        Page("keys.html", {"logs": [], "life": [], "anchors": []}),
        session=None,
        form="",
        path="/keys",
        notice="",
        receipts=(),
        indexing=indexing,
        lost_records=0,
        theme="",
        oidc=False,
    )
    assert said in text
