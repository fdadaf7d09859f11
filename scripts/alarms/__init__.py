"""Brings the alarms about on the running program: `python -m scripts.alarms`."""
