"""What is said: turns of a dialogue, values that an answer says, and what a speaker corrects."""
