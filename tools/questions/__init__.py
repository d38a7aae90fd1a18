"""Questions about the data: measures by group, spreads, trends, relations, gaps."""
