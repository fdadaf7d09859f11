"""Our own recognizers, and replacements for some of Presidio's."""
