"""Searches with expressions: one Hyperscan scan of weakened forms, then each original where it can match."""
