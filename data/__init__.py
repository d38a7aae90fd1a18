"""Sample data, the generator that makes it, and domain notes with their sources."""
