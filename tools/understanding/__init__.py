"""What columns mean, what is wrong with them, and how that is told."""
