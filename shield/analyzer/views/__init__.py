"""Other readings of a text, each with a map back to the raw text's offsets.

`Views.of` gives the readings of a text that differ from it; `by_patterns` runs pattern recognizers on each.
"""
