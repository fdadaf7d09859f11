"""What pages show of values that are too long to read."""

from __future__ import annotations

from shield.console.render import show_short_digests


def test_a_sentence_shows_the_beginnings_of_its_digests() -> None:
    text = f"reload: sha256:{'ab' * 32} to sha256:{'cd' * 32}"
    assert show_short_digests(text) == "reload: sha256:abababababab… to sha256:cdcdcdcdcdcd…"
    assert show_short_digests("86358.189 s, stopped") == "86358.189 s, stopped"
