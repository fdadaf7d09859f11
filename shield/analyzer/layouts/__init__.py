"""How values and their names stand in a text or document: tables, labels, markup, pieces of one value."""
