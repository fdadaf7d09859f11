"""The demonstration: a small store to stand behind the shield, and a run that shows what it does.

Nothing here is needed to run the shield in front of a real system.
"""
