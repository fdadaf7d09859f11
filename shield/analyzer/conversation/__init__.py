"""Who asks and who answers: turns of a dialogue, and values that an answer says."""
