"""How segments are described to a person and written as rules."""
