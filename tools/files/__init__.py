"""How files become tables with typed columns, and what is mended on the way."""
