"""How rows become customers, what can be asked of them, and how they leave as files."""
