"""Other readings of a text, each with a map back to the raw text's offsets.

`Views.of` says which readings of a text differ from it; `by_patterns` runs the pattern recognizers on each.
"""
