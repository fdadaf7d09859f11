"""Recognizers of our own, and those of Presidio's that had to be replaced."""
