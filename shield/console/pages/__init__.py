"""The pages: each a function of a `Call` that reads and answers."""
