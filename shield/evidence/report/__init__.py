"""The evidence report: facts from one pass over each log, content made of them, HTML, PDF and a pack."""
