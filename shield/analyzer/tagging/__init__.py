"""The project's own named-entity tagger: tokens, features and decoding. Pure; shared with its training."""
